import Files
import Models
import Tasks

/// Everything there is to say of a kind of model.
struct ModelDescription {
  /// One setting in words.
  private struct Line {
    let name: String
    let range: String
    let value: String
    let help: String
  }

  private let card: ModelCard
  private let capabilities: [String]
  private let settings: [Line]

  init(_ model: any GenerativeModel.Type) {
    card = model.card
    capabilities = Zoo.capabilities(of: model)
    settings = Self.lines(model)
  }

  private static func lines<Model: GenerativeModel>(_ model: Model.Type) -> [Line] {
    let defaults = Model.Configuration()
    return Model.Configuration.settings.map { setting in
      Line(
        name: setting.name, range: setting.range, value: setting.read(defaults), help: setting.help)
    }
  }

  /// For people.
  var text: String {
    let head = Table.text([
      ["name", card.name], ["family", card.family], ["can", capabilities.joined(separator: ", ")],
      ["what it is", card.summary], ["learning rate", "\(card.learningRate)"],
      ["citation", card.citation],
    ])
    let table = Table.text(
      [["SETTING", "RANGE", "DEFAULT", "WHAT IT DOES"]]
        + settings.map { [$0.name, $0.range, $0.value, $0.help] })
    return settings.isEmpty ? head : head + "\n\n" + table
  }

  /// For programs.
  var json: JSON {
    .object([
      ("name", .text(card.name)), ("family", .text(card.family)),
      ("can", .list(capabilities.map(JSON.text))), ("summary", .text(card.summary)),
      ("learning_rate", .number(Double("\(card.learningRate)") ?? 0)),
      ("citation", .text(card.citation)),
      (
        "settings",
        .list(
          settings.map {
            .object([
              ("name", .text($0.name)), ("range", .text($0.range)), ("default", .text($0.value)),
              ("help", .text($0.help)),
            ])
          })
      ),
    ])
  }
}
