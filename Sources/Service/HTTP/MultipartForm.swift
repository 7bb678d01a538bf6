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
    let between = Array("\r\n".utf8) + delimiter
    var place = delimiter.count
    if !body.starts(with: delimiter) {
      guard let start = Self.find(between, in: body, from: 0) else {
        throw Self.malformed("its boundary does not stand in it")
      }
      place = start + between.count
    }
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

  /// Where a pattern stands next.
  ///
  /// It begins with a carriage return that it has nowhere else near its length, so that looking again behind each one
  /// takes time that grows with the body alone, whatever stands in it.
  private static func find(_ pattern: [UInt8], in body: [UInt8], from start: Int) -> Int? {
    body.withUnsafeBufferPointer { body in
      var place = start
      while place + pattern.count <= body.count {
        var same = 0
        while same < pattern.count, body[place + same] == pattern[same] { same += 1 }
        if same == pattern.count { return place }
        place += 1
      }
      return nil
    }
  }
}
