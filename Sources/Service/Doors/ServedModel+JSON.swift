import Files
import Models
import Training

extension ServedModel {
  /// What its log-likelihoods are; null where it has none.
  var scoreKind: JSON {
    (file.model as? any Scoring).map { .text("\($0.scoreKind)") } ?? .null
  }

  /// What `/v1/models` says of it.
  var json: JSON {
    let (model, shape) = (file.model, file.model.shape)
    let fillings = FillingBounds.options(model).map { option in
      JSON.object([
        ("name", .text(option.name)), ("range", .text(option.range)),
        ("default", .text(option.standard)), ("help", .text(option.help)),
        ("most_in_requests", option.most.map(JSON.integer) ?? .null),
      ])
    }
    return .object([
      ("name", .text(name)), ("kind", .text(type(of: model).card.name)),
      ("family", .text(type(of: model).card.family)), ("sha256", .text(digest)),
      ("width", .integer(shape.width)), ("height", .integer(shape.height)),
      ("channels", .integer(shape.channels)), ("levels", .integer(shape.levels)),
      ("classes", .list(file.classes.map(JSON.text))),
      ("can", .list(capabilities.map(JSON.text))), ("score_kind", scoreKind),
      ("filling_options", .list(fillings)),
    ])
  }
}

extension JSON {
  /// Numbers as short as they can be read back.
  static func floats(_ values: [Float]) -> JSON { .list(values.map(JSON.float)) }

  /// A number as short as it can be read back.
  static func float(_ value: Float) -> JSON { .number(Double("\(value)") ?? 0) }
}
