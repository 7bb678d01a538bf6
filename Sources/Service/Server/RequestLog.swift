import Files
import FoundationEssentials
import HTTPTypes

/// A line a request, for people or for programs; no key, no body, no query is in it.
struct RequestLog: Sendable {
  let isQuiet: Bool
  let writesJSON: Bool
  /// Writes a line.
  let write: @Sendable (String) -> Void

  /// What came of a request.
  func answered(
    _ head: HTTPRequest, _ status: HTTPResponse.Status, seconds: Double, bytes: Int,
    client: Client?, reason: String?
  ) {
    guard !isQuiet else { return }
    let path = (head.path ?? "").prefix { $0 != "?" }.prefix(200)
    let milliseconds = FixedPoint.text(seconds * 1000, digits: 1)
    let time = Date.now.formatted(.iso8601)
    let who =
      switch client {
      case .key(let number): "key \(number + 1)"
      case .connection(let number): "connection \(number)"
      case nil: "nobody"
      }
    guard writesJSON else {
      let words = "\(time) \(head.method.rawValue) \(path) \(status.code) \(milliseconds) ms"
      return write(
        Printable.line("\(words), \(bytes) bytes, \(who)\(reason.map { ": \($0)" } ?? "")"))
    }
    write(
      JSON.object([
        ("time", .text(time)), ("method", .text(head.method.rawValue)),
        ("path", .text(String(path))), ("status", .integer(status.code)),
        ("milliseconds", .number(Double(milliseconds) ?? 0)), ("bytes", .integer(bytes)),
        ("client", .text(who)), ("reason", reason.map(JSON.text) ?? .null),
      ]).line)
  }
}
