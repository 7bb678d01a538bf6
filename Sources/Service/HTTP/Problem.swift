import Files
import HTTPTypes
import Images
import Tasks

/// Why a request is not answered: a status, the reason, and what to do (RFC 9457, problem details).
struct Problem: Error, Sendable {
  let status: HTTPResponse.Status
  /// What is the matter.
  let reason: String
  /// What to do about it.
  let remedy: String
  /// Further headers, such as `Retry-After`.
  var headers: HTTPFields = [:]

  init(_ status: HTTPResponse.Status, _ reason: String, remedy: String, headers: HTTPFields = [:]) {
    self.status = status
    self.reason = reason
    self.remedy = remedy
    self.headers = headers
  }

  /// The document, for whoever asks at a path.
  ///
  /// Clients of KServe's protocol and of OpenAI's look for `error`, text or an object.
  func json(at path: String) -> JSON {
    var entries: [(name: String, value: JSON)] = [
      ("type", .text("about:blank")), ("title", .text(status.reasonPhrase)),
      ("status", .integer(status.code)), ("detail", .text(reason)), ("remedy", .text(remedy)),
    ]
    if path.hasPrefix("/v2") { entries.append(("error", .text("\(reason): \(remedy)"))) }
    if path.hasPrefix("/v1/images/") {
      entries.append(
        (
          "error",
          .object([
            ("message", .text("\(reason): \(remedy)")), ("type", .text("invalid_request_error")),
            ("code", .text("\(status.code)")),
          ])
        ))
    }
    return .object(entries)
  }
}

extension Problem {
  /// What an engine says.
  init(_ error: EngineError) {
    switch error {
    case .badInput(let text):
      self = .unprocessable("the image \(text)", remedy: "send another image")
    case .cannot(let text):
      self = .unprocessable(text, remedy: "see /v1/models for what each model can do")
    case .interrupted: self = .late
    case .outOfMemory(let text):
      self = Problem(.serviceUnavailable, text, remedy: "ask for fewer, or try again later")
    }
  }

  /// What a decoder says.
  init(_ error: ImageError, field: String) {
    switch error.reason {
    case .tooLarge(let text):
      self = Problem(
        .contentTooLarge, "'\(field)' is too large (\(text))",
        remedy: "send a smaller image; the operator sets the limit by --max-pixels")
    case .outOfMemory, .exhausted:
      self = Problem(
        .serviceUnavailable, "'\(field)' does not fit into memory", remedy: "try again later")
    default:
      self = .unprocessable(
        "'\(field)' \(error.explanation)", remedy: "send a whole PNG or JPEG image")
    }
  }

  /// A body that says nothing usable.
  static func badRequest(_ reason: String, remedy: String) -> Problem {
    Problem(.badRequest, reason, remedy: remedy)
  }

  /// A body that is understood and cannot be done.
  static func unprocessable(_ reason: String, remedy: String) -> Problem {
    Problem(.unprocessableContent, reason, remedy: remedy)
  }

  /// The service is about to end.
  static let closing = Problem(
    .serviceUnavailable, "the service is ending", remedy: "try again in a while",
    headers: [.retryAfter: "5"])

  /// The request took too long.
  static let late = Problem(
    .gatewayTimeout, "the answer was not ready in time",
    remedy: "ask for fewer samples, or try again when there is less to do")

  /// Nobody is there to read this.
  static let clientLeft = Problem(
    .init(code: 499, reasonPhrase: "Client Closed Request"), "the client has left",
    remedy: "stay connected until the answer comes")

  /// More waits than the queue holds.
  static func queueFull(retryAfter seconds: Int) -> Problem {
    Problem(
      .tooManyRequests, "the queue is full", remedy: "try again in \(seconds) seconds",
      headers: [.retryAfter: "\(seconds)"])
  }
}
