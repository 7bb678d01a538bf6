import ArgumentParser
import Files
import Models
import Tasks

/// `lacuna models`.
struct ModelsCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the models, or the settings of one.",
    discussion: """
      Examples:
        lacuna models
        lacuna models pixelcnn
      """)

  @Argument(help: "A model, to see its settings, ranges, defaults and citation.")
  var name: String?

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  func run(session: Session) throws {
    guard let name else {
      return try session.result(.list(Zoo.models.map(Self.summary)), text: Self.listing)
    }
    let description = ModelDescription(try Zoo.model(named: name))
    try session.result(description.json, text: description.text)
  }

  private static var listing: String {
    let head = ["NAME", "FAMILY", "CAN", "WHAT IT IS"]
    return Table.text(
      [head]
        + Zoo.models.map { model in
          [
            model.card.name, model.card.family,
            Zoo.capabilities(of: model).joined(separator: ", "), model.card.summary,
          ]
        })
  }

  private static func summary(_ model: any GenerativeModel.Type) -> JSON {
    .object([
      ("name", .text(model.card.name)), ("family", .text(model.card.family)),
      ("can", .list(Zoo.capabilities(of: model).map(JSON.text))),
      ("summary", .text(model.card.summary)),
    ])
  }
}
