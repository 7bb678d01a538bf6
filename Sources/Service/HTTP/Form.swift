import Files
import HTTPTypes

/// The values of a request, read by what a route declares.
struct Form: Sendable {
  private var values: [String: FieldValue] = [:]

  /// Reads a body of JSON or a multipart form.
  ///
  /// - Throws: `Problem` that names the field which is missing, unknown or does not fit.
  init(_ fields: [Field], _ body: [UInt8], contentType: HeaderValue) throws(Problem) {
    switch contentType.value {
    case "application/json": try read(fields, json: Self.document(body))
    case "multipart/form-data":
      guard let boundary = contentType["boundary"] else {
        throw .badRequest(
          "the form's Content-Type has no boundary", remedy: "let an HTTP library write the form")
      }
      try read(fields, MultipartForm(body, boundary: boundary))
    default:
      throw Problem(
        .unsupportedMediaType, "the body's Content-Type is none that this route takes",
        remedy: "send application/json or multipart/form-data")
    }
    for field in fields where field.isRequired && values[field.name] == nil {
      throw .unprocessable("'\(field.name)' is missing", remedy: field.summary)
    }
  }

  /// Reads a document that has been parsed.
  init(_ fields: [Field], json: JSON) throws(Problem) {
    try read(fields, json: json)
    for field in fields where field.isRequired && values[field.name] == nil {
      throw .unprocessable("'\(field.name)' is missing", remedy: field.summary)
    }
  }

  /// The JSON document of a body.
  static func document(_ body: [UInt8]) throws(Problem) -> JSON {
    guard let text = String(validating: body, as: UTF8.self) else {
      throw .badRequest("the body is no UTF-8", remedy: "send JSON in UTF-8")
    }
    do {
      return try JSON(reading: text)
    } catch {
      throw .badRequest("the body \(error)", remedy: "send one JSON document")
    }
  }

  private mutating func read(_ fields: [Field], json: JSON) throws(Problem) {
    guard case .object(let entries) = json else {
      throw .unprocessable(
        "the body is no JSON object", remedy: "send an object; see /openapi.json")
    }
    for (name, value) in entries {
      values[name] = try Self.field(name, fields).value(value)
    }
  }

  private mutating func read(_ fields: [Field], _ form: MultipartForm) throws(Problem) {
    for part in form.parts {
      let field = try Self.field(part.name, fields)
      let value = try field.value(part)
      switch (values[part.name], value, field.kind) {
      case (.images(let former), .images(let added), .images):
        values[part.name] = .images(former + added)
      case (.options(let former), .options(let added), _):
        values[part.name] = .options(former.merging(added) { $1 })
      default: values[part.name] = value
      }
    }
  }

  private static func field(_ name: String, _ fields: [Field]) throws(Problem) -> Field {
    guard let field = fields.first(where: { $0.name == name }) else {
      throw .unprocessable(
        "there is no field '\(Printable.line(String(name.prefix(100))))'",
        remedy: "this route has \(fields.map(\.name).joined(separator: ", "))")
    }
    return field
  }

  /// Images, by name.
  func images(_ name: String) -> [[UInt8]] {
    if case .images(let images)? = values[name] { images } else { [] }
  }

  /// A text.
  func text(_ name: String) -> String? {
    if case .text(let text)? = values[name] { text } else { nil }
  }

  /// A whole number.
  func integer(_ name: String) -> Int? {
    if case .integer(let value)? = values[name] { value } else { nil }
  }

  /// A seed; 0 where there is none, as in commands.
  func seed(_ name: String = "seed") -> UInt64 {
    if case .seed(let value)? = values[name] { value } else { 0 }
  }

  /// A number.
  func number(_ name: String) -> Double? {
    if case .number(let value)? = values[name] { value } else { nil }
  }

  /// True or false.
  func boolean(_ name: String) -> Bool? {
    if case .boolean(let value)? = values[name] { value } else { nil }
  }

  /// Texts by name.
  func options(_ name: String) -> [String: String] {
    if case .options(let options)? = values[name] { options } else { [:] }
  }
}
