import Files
import HTTPTypes

/// Who may ask: hosts, origins and keys are looked at before anything of a request is read.
struct Guardian: Sendable {
  private let hosts: Set<String>
  /// Digests, so that comparing takes as long whatever the key.
  private let keys: [[UInt8]]

  init(_ options: ServiceOptions) {
    hosts = Set((["localhost", options.host] + options.allowedHosts).map { $0.lowercased() })
    keys = options.keys.map { SHA256.digest(of: Array($0.utf8)) }
  }

  /// Makes sure that a request means this service, and comes from no page of another.
  ///
  /// - Throws: `Problem` where it does not.
  func check(_ head: HTTPRequest) throws(Problem) {
    // A page of another site may have its own name lead here (DNS rebinding): names must be ours. Addresses are.
    guard let host = head.authority.map(Self.name), hosts.contains(host) || Self.isAddress(host)
    else {
      throw Problem(
        .misdirectedRequest, "the Host of the request is none of this service",
        remedy: "ask by address, or let the operator add the name by --allow-host")
    }
    // Forms can be sent from pages of other sites without asking; their answers are not even needed to do harm.
    let origin = head.headerFields[.origin].map { $0.split(separator: "/").last.map(String.init) }
    if let origin, origin?.lowercased() != head.authority?.lowercased() {
      throw Problem(
        .forbidden, "the request comes from a page of another site",
        remedy: "use the page of this service, or a program")
    }
  }

  /// Whose request it is.
  ///
  /// - Parameter isOpen: whether it needs no key.
  /// - Throws: `Problem` where it needs one and has none of ours.
  func client(
    of head: HTTPRequest, _ connection: ConnectionWatch, isOpen: Bool
  ) throws(Problem) -> Client {
    guard !keys.isEmpty, !isOpen else { return .connection(connection.number) }
    guard let number = Self.key(head).flatMap(number) else {
      throw Problem(
        .unauthorized, "the request has no key of this service",
        remedy: "send 'Authorization: Bearer KEY'",
        headers: [.wwwAuthenticate: "Bearer realm=\"lacuna\""])
    }
    return .key(number)
  }

  /// The key that a request carries.
  private static func key(_ head: HTTPRequest) -> String? {
    if let name = HTTPField.Name("X-API-Key"), let key = head.headerFields[name] { return key }
    guard let value = head.headerFields[.authorization] else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
  }

  /// Which of the keys it is; every one is compared, byte for byte.
  private func number(of key: String) -> Int? {
    let digest = SHA256.digest(of: Array(key.utf8))
    var found: Int?
    for (place, known) in keys.enumerated() {
      let difference = zip(known, digest).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
      if difference == 0 { found = place }
    }
    return found
  }

  /// The host of an authority, without its port.
  private static func name(_ authority: String) -> String {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return String(authority[authority.index(after: authority.startIndex)..<end]).lowercased()
    }
    return String(authority.prefix { $0 != ":" }).lowercased()
  }

  private static func isAddress(_ host: String) -> Bool {
    let isHexadecimal = host.utf8.allSatisfy {
      (48...58).contains($0) || (97...102).contains($0) || $0 == 46
    }
    if host.contains(":") { return isHexadecimal }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }
}
