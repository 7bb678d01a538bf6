/// A form of several parts (RFC 7578).
struct MultipartForm: Sendable {
  /// One part.
  struct Part: Sendable {
    let name: String
    let content: [UInt8]
  }

  /// More parts are no form of ours.
  private static let mostParts = 1000

  /// The parts in order.
  private(set) var parts: [Part] = []

  /// Reads a form.
  ///
  /// - Parameter boundary: what stands between parts, from the header.
  init(_ body: [UInt8], boundary: String) throws(Problem) {
    guard (1...70).contains(boundary.utf8.count) else {
      throw Self.malformed("its boundary has \(boundary.utf8.count) bytes, not 1 to 70")
    }
    let delimiter = Array("--\(boundary)".utf8)
    guard var place = Self.find(delimiter, in: body, from: 0) else {
      throw Self.malformed("its boundary does not stand in it")
    }
    place += delimiter.count
    let between = Array("\r\n".utf8) + delimiter
    while !body[place...].starts(with: "--".utf8) {
      guard body[place...].starts(with: "\r\n".utf8) else {
        throw Self.malformed("a boundary is followed by something")
      }
      guard let headEnd = Self.find(Array("\r\n\r\n".utf8), in: body, from: place),
        headEnd - place < 8192
      else { throw Self.malformed("a part has no head") }
      let start = headEnd + 4
      guard let end = Self.find(between, in: body, from: start) else {
        throw Self.malformed("a part has no end")
      }
      guard parts.count < Self.mostParts else { throw Self.malformed("it has too many parts") }
      let head = String(decoding: body[place..<headEnd], as: UTF8.self)
      guard let name = Self.name(head) else { throw Self.malformed("a part has no name") }
      parts.append(Part(name: name, content: Array(body[start..<end])))
      place = end + between.count
    }
  }

  /// The parts of this name.
  subscript(name: String) -> [Part] { parts.filter { $0.name == name } }

  /// The name in a part's `Content-Disposition`.
  private static func name(_ head: String) -> String? {
    for line in head.split(separator: "\r\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "content-disposition" else { continue }
      return HeaderValue(String(parts[1]))["name"]
    }
    return nil
  }

  private static func malformed(_ reason: String) -> Problem {
    .badRequest(
      "the body is no multipart form: \(reason)", remedy: "let an HTTP library write the form")
  }

  /// Where a pattern stands next, by its first byte and then the rest.
  private static func find(_ pattern: [UInt8], in body: [UInt8], from start: Int) -> Int? {
    guard body.count - start >= pattern.count else { return nil }
    return body.withUnsafeBufferPointer { body in
      var place = start
      let last = body.count - pattern.count
      while place <= last {
        if body[place] == pattern[0], body[place...].starts(with: pattern) { return place }
        place += 1
      }
      return nil
    }
  }
}
