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
  private let fillings: [Line]

  init(_ model: any GenerativeModel.Type) {
    card = model.card
    capabilities = Zoo.capabilities(of: model)
    settings = Self.settings(of: model)
    fillings = (model as? any Completing.Type).map { Self.fillings(of: $0) } ?? []
  }

  private static func settings<Model: GenerativeModel>(of model: Model.Type) -> [Line] {
    lines(Model.Configuration.self)
  }

  private static func fillings<Model: Completing>(of model: Model.Type) -> [Line] {
    lines(Model.Filling.self)
  }

  private static func lines<Settings: DeclaredSettings>(_ kind: Settings.Type) -> [Line] {
    let defaults = Settings()
    return Settings.settings.map { setting in
      Line(
        name: setting.name, range: setting.range, value: setting.read(defaults), help: setting.help)
    }
  }

  /// For people.
  var text: String {
    var head = [
      ["name", card.name], ["family", card.family], ["can", capabilities.joined(separator: ", ")],
      ["what it is", card.summary], ["learning rate", "\(card.learningRate)"],
      ["citation", card.citation],
    ]
    if let recipe = card.recipe { head.append(["recipe", recipe]) }
    let tables = [("SETTING", settings), ("FILLING", fillings)].filter { !$0.1.isEmpty }
    return
      ([head]
      + tables.map { title, lines in
        [[title, "RANGE", "DEFAULT", "WHAT IT DOES"]]
          + lines.map { [$0.name, $0.range, $0.value, $0.help] }
      }).map(Table.text).joined(separator: "\n\n")
  }

  /// For programs.
  var json: JSON {
    .object([
      ("name", .text(card.name)), ("family", .text(card.family)),
      ("can", .list(capabilities.map(JSON.text))), ("summary", .text(card.summary)),
      ("learning_rate", .number(Double("\(card.learningRate)") ?? 0)),
      ("citation", .text(card.citation)), ("recipe", card.recipe.map(JSON.text) ?? .null),
      ("settings", Self.json(settings)), ("filling_options", Self.json(fillings)),
    ])
  }

  private static func json(_ lines: [Line]) -> JSON {
    .list(
      lines.map {
        .object([
          ("name", .text($0.name)), ("range", .text($0.range)), ("default", .text($0.value)),
          ("help", .text($0.help)),
        ])
      })
  }
}
