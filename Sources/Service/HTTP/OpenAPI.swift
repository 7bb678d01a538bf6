import Files
import HTTPTypes
import Training

/// The document of the service (OpenAPI 3.1), made from what the routes declare.
enum OpenAPI {
  /// The document of some routes.
  static func document(_ routes: [Route], needsKey: Bool) -> JSON {
    var paths: [(name: String, value: [(name: String, value: JSON)])] = []
    for route in routes {
      let operation = (route.method.rawValue.lowercased(), operation(route, needsKey: needsKey))
      if let place = paths.firstIndex(where: { $0.name == route.path }) {
        paths[place].value.append(operation)
      } else {
        paths.append((route.path, [operation]))
      }
    }
    return .object([
      ("openapi", .text("3.1.0")),
      (
        "info",
        .object([
          ("title", .text("lacuna")), ("version", .text(ToolVersion.current)),
          (
            "summary",
            .text("Fills holes of small images, draws more of them, and turns them into features.")
          ),
        ])
      ),
      ("paths", .object(paths.map { ($0.name, .object($0.value)) })),
      (
        "components",
        .object([
          ("schemas", .object([("Problem", problem)])),
          (
            "securitySchemes",
            .object([
              ("key", .object([("type", .text("http")), ("scheme", .text("bearer"))]))
            ])
          ),
        ])
      ),
    ])
  }

  private static func operation(_ route: Route, needsKey: Bool) -> JSON {
    var entries: [(name: String, value: JSON)] = [
      ("operationId", .text(route.name)), ("summary", .text(route.summary)),
    ]
    let parameters = route.path.split(separator: "/").filter { $0.hasPrefix("{") }
    if !parameters.isEmpty {
      entries.append(
        (
          "parameters",
          .list(
            parameters.map { parameter in
              .object([
                ("name", .text(String(parameter.dropFirst().dropLast()))), ("in", .text("path")),
                ("required", .boolean(true)), ("schema", .object([("type", .text("string"))])),
              ])
            })
        ))
    }
    if let content = content(route.body) {
      entries.append(
        ("requestBody", .object([("required", .boolean(true)), ("content", .object(content))])))
    }
    var content = [(name: route.answer.type, value: JSON.object([("schema", route.answer.schema)]))]
    if route.streams { content.append((ServerSentEvent.contentType, events)) }
    let answer = JSON.object([
      ("description", .text(route.answer.summary)), ("content", .object(content)),
    ])
    entries.append(
      ("responses", .object([("200", answer), ("default", refusal)])))
    if needsKey, !route.isOpen {
      entries.append(("security", .list([.object([("key", .list([]))])])))
    }
    return .object(entries)
  }

  private static let events = JSON.object([
    (
      "schema",
      .object([
        ("type", .text("string")),
        (
          "description",
          .text(
            "Events, for who asks for them by Accept: 'progress' with rows done and in total and the number of requests "
              + "before this one, at most five a second; then 'result' with the document of application/json in one line, or "
              + "'error' with a Problem. Comments keep the connection open.")
        ),
      ])
    )
  ])

  private static func content(_ body: Route.Body) -> [(name: String, value: JSON)]? {
    switch body {
    case .none: nil
    case .fields(let fields):
      [
        ("application/json", .object([("schema", schema(fields, isForm: false))])),
        ("multipart/form-data", .object([("schema", schema(fields, isForm: true))])),
      ]
    case .form(let fields):
      [("multipart/form-data", .object([("schema", schema(fields, isForm: true))]))]
    case .document(let schema, _): [("application/json", .object([("schema", schema)]))]
    }
  }

  private static func schema(_ fields: [Field], isForm: Bool) -> JSON {
    .object([
      ("type", .text("object")),
      ("properties", .object(fields.map { ($0.name, $0.schema(isForm: isForm)) })),
      ("required", .list(fields.filter(\.isRequired).map { .text($0.name) })),
      ("additionalProperties", .boolean(false)),
    ])
  }

  private static let refusal = JSON.object([
    ("description", .text("Why there is no answer, and what to do.")),
    (
      "content",
      .object([
        (
          "application/problem+json",
          .object([
            ("schema", .object([("$ref", .text("#/components/schemas/Problem"))]))
          ])
        )
      ])
    ),
  ])

  private static let problem = JSON.object([
    ("type", .text("object")),
    (
      "properties",
      .object(
        ["type", "title", "detail", "remedy"].map {
          ($0, .object([("type", .text("string"))]))
        } + [("status", .object([("type", .text("integer"))]))])
    ),
    ("required", .list(["type", "title", "status", "detail", "remedy"].map(JSON.text))),
  ])
}

extension Field {
  /// What values it takes, as JSON Schema.
  func schema(isForm: Bool) -> JSON {
    var entries = kindSchema(isForm: isForm)
    entries.append(("description", .text(summary)))
    if let standard { entries.append(("default", standard)) }
    return .object(entries)
  }

  private func kindSchema(isForm: Bool) -> [(name: String, value: JSON)] {
    let image: [(name: String, value: JSON)] =
      isForm
      ? [("type", .text("string")), ("contentMediaType", .text("application/octet-stream"))]
      : [("type", .text("string")), ("contentEncoding", .text("base64"))]
    switch kind {
    case .image: return image
    case .images:
      return [("type", .text("array")), ("items", .object(image)), ("minItems", .integer(1))]
    case .text(let most): return [("type", .text("string")), ("maxLength", .integer(most))]
    case .integer(let range):
      return [
        ("type", .text("integer")), ("minimum", .integer(range.lowerBound)),
        ("maximum", .integer(range.upperBound)),
      ]
    case .seed:
      return [
        ("type", .text("integer")), ("minimum", .integer(0)), ("maximum", .unsigned(.max)),
      ]
    case .number(let range):
      return [
        ("type", .text("number")), ("minimum", .number(range.lowerBound)),
        ("maximum", .number(range.upperBound)),
      ]
    case .boolean: return [("type", .text("boolean"))]
    case .choice(let names):
      return [("type", .text("string")), ("enum", .list(names.map(JSON.text)))]
    case .options:
      return isForm
        ? [("type", .text("string"))]
        : [
          ("type", .text("object")),
          (
            "additionalProperties",
            .object([("type", .list(["string", "number", "boolean"].map(JSON.text)))])
          ),
        ]
    }
  }
}
