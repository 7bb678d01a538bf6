import HTTPTypes

/// A piece of `text/event-stream` (HTML Living Standard, section 9.2, Server-sent events).
enum ServerSentEvent {
  /// The type of a body of events.
  static let contentType = "text/event-stream"

  /// An event of a name with one line of data.
  static func bytes(_ name: String, _ data: [UInt8]) -> [UInt8] {
    Array("event: \(name)\ndata: ".utf8) + data + Array("\n\n".utf8)
  }

  /// What readers pass over: it keeps the connection from looking dead.
  static let comment = Array(": waiting\n\n".utf8)

  /// Whether a client asks for events by name; who takes anything gets the plain answer.
  static func isWanted(by head: HTTPRequest) -> Bool {
    (head.headerFields[.accept] ?? "").split(separator: ",").contains { range in
      let range = HeaderValue(String(range))
      return range.value == contentType && range["q"].flatMap(Double.init) != 0
    }
  }
}
