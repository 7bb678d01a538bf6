import Files
import HTTPTypes
import Images

/// A place where the service answers, declared once: what finds it and reads its requests, and what documents it.
struct Route: Sendable {
  /// What a request carries.
  enum Body: Sendable {
    case none
    /// These values, as JSON or as a multipart form.
    case fields([Field])
    /// JSON that the route reads itself, with what documents it; of these types, or of any where there are none.
    case document(schema: JSON, types: [String])
    /// A multipart form alone.
    case form([Field])
  }

  /// What it answers, for the document.
  struct Answer: Sendable {
    let type: String
    let schema: JSON
    let summary: String
  }

  let method: HTTPRequest.Method
  /// Such as `/v2/models/{model}/infer`.
  let path: String
  let name: String
  let summary: String
  let body: Body
  let answer: Answer
  /// Whether it answers without a key, where the service asks for keys.
  var isOpen = false
  /// Whether it may take long: who asks for events is told how far it is.
  var streams = false
  let handle: @Sendable (Call) async throws -> Reply

  /// The values of the path's parameters where it fits.
  func match(_ segments: [Substring]) -> [String: String]? {
    let own = path.split(separator: "/")
    guard own.count == segments.count else { return nil }
    var parameters: [String: String] = [:]
    for (own, given) in zip(own, segments) {
      if own.hasPrefix("{") {
        guard let text = PercentEncoding.decoded(given) else { return nil }
        parameters[String(own.dropFirst().dropLast())] = text
      } else if own != given {
        return nil
      }
    }
    return parameters
  }
}

/// A request on its way to an answer.
struct Call: Sendable {
  let head: HTTPRequest
  let parameters: [String: String]
  let body: [UInt8]
  let client: Client
  let connection: ConnectionWatch
  let deadline: ContinuousClock.Instant
  /// Who tells the client how far it is, where it asks for that.
  var watch: WorkWatch?

  /// The type of its body.
  var contentType: HeaderValue { HeaderValue(head.headerFields[.contentType] ?? "") }

  /// The values of these fields.
  func form(_ fields: [Field]) throws(Problem) -> Form {
    try Form(fields, body, contentType: contentType)
  }
}

/// An answer.
struct Reply: Sendable {
  var status = HTTPResponse.Status.ok
  var headers: HTTPFields = [:]
  let body: [UInt8]

  /// Bytes of a type.
  init(_ body: [UInt8], type: String, headers: HTTPFields = [:]) {
    self.body = body
    self.headers = headers
    self.headers[.contentType] = type
  }

  /// A JSON document.
  init(_ json: JSON, headers: HTTPFields = [:]) {
    self.init(Array(json.line.utf8), type: "application/json", headers: headers)
  }

  /// A problem as a document, for whoever asks at a path.
  init(_ problem: Problem, at path: String) {
    self.init(
      Array(problem.json(at: path).line.utf8), type: "application/problem+json",
      headers: problem.headers)
    status = problem.status
  }
}
