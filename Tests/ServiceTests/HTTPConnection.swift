import Files
import Platform

/// A connection to a service on this machine, with nothing between the test and the bytes.
final class HTTPConnection {
  /// What came back.
  struct Answer {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
    /// The body as JSON.
    var json: JSON { (try? JSON(reading: text)) ?? .null }
  }

  /// There is no connection, or the answer breaks off.
  struct Failure: Error {
    let reason: String
  }

  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// Connects to a port of 127.0.0.1.
  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Failure(reason: "connect: \(SystemCalls.lastError())") }
  }

  deinit { close(descriptor) }

  /// Sends bytes as they are.
  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Platform.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Sends a request.
  func send(_ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8] = []) {
    var head = "\(method) \(path) HTTP/1.1\r\n"
    var headers = headers
    if headers["Host"] == nil { headers["Host"] = "127.0.0.1" }
    if !body.isEmpty { headers["Content-Length"] = "\(body.count)" }
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
    send(Array((head + "\r\n").utf8) + body)
  }

  /// Waits for the next answer; one to HEAD has no body, whatever its head says.
  func answer(to method: String = "GET") throws -> Answer {
    let end = Array("\r\n\r\n".utf8)
    while !contains(end) { try more() }
    let text = String(decoding: buffer, as: UTF8.self)
    let head = text.split(separator: "\r\n\r\n", maxSplits: 1)[0]
    let lines = head.split(separator: "\r\n")
    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    buffer.removeFirst(Array(head.utf8).count + 4)
    if headers["transfer-encoding"] == "chunked" {
      return Answer(status: status, headers: headers, body: try chunks())
    }
    let count = method == "HEAD" ? 0 : headers["content-length"].flatMap { Int($0) } ?? 0
    while buffer.count < count { try more() }
    defer { buffer.removeFirst(count) }
    return Answer(status: status, headers: headers, body: Array(buffer.prefix(count)))
  }

  /// A body in chunks, to its end.
  private func chunks() throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let count = Int(String(decoding: try line(), as: UTF8.self), radix: 16) ?? 0
      while buffer.count < count + 2 { try more() }
      body += buffer.prefix(count)
      buffer.removeFirst(count + 2)
      if count == 0 { return body }
    }
  }

  /// Bytes up to the end of a line, which they leave out.
  func line() throws -> [UInt8] {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\r")), end + 1 < buffer.count {
        defer { buffer.removeFirst(end + 2) }
        return Array(buffer[..<end])
      }
      try more()
    }
  }

  /// Whether nothing has come that was not read yet.
  var isSilent: Bool {
    var place = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return buffer.isEmpty && poll(&place, 1, 0) == 0
  }

  /// Whether the other side has closed.
  func isClosed() -> Bool {
    do { try more() } catch { return true }
    return false
  }

  private func contains(_ pattern: [UInt8]) -> Bool {
    guard buffer.count >= pattern.count else { return false }
    return (0...buffer.count - pattern.count).contains { buffer[$0...].starts(with: pattern) }
  }

  private func more() throws {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { throw Failure(reason: "the connection has ended") }
    buffer += bytes.prefix(count)
  }
}
