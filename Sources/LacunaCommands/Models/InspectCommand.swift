import ArgumentParser
import Files
import Layers
import Models
import Tasks
import Tensors
import Training

/// `lacuna inspect`.
struct InspectCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a trained model file holds.",
    discussion: """
      Examples:
        lacuna inspect digits.safetensors
        lacuna inspect digits.safetensors --tensors
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "file.safetensors"))
  var file: String

  @Flag(help: "List every tensor with its shape.")
  var tensors = false

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  func run(session: Session) throws {
    let model = try RecordedModel(contentsOf: file)
    try session.result(json(model), text: text(model))
  }

  private func text(_ recorded: RecordedModel) -> String {
    let file = recorded.file
    let model = file.model
    var rows = [
      ["model", type(of: model).card.name], ["images", model.shape.description],
      ["classes", file.classes.isEmpty ? "none" : file.classes.joined(separator: ", ")],
      ["parameters", "\(file.instance.store.valueCount)"], ["bytes", "\(recorded.byteCount)"],
      ["sha256", recorded.digest],
    ]
    rows += sorted(model.configuration.texts).map { ["setting \($0.key)", $0.value] }
    rows += sorted(file.training).map { ["training \($0.key)", $0.value] }
    if tensors {
      rows += file.instance.store.parameters.map { ["tensor \($0.name)", "\($0.value.shape)"] }
    }
    return Table.text(rows)
  }

  private func json(_ recorded: RecordedModel) -> JSON {
    let file = recorded.file
    let model = file.model
    var entries: [(name: String, value: JSON)] = [
      ("model", .text(type(of: model).card.name)),
      ("width", .integer(model.shape.width)), ("height", .integer(model.shape.height)),
      ("channels", .integer(model.shape.channels)), ("levels", .integer(model.shape.levels)),
      ("classes", .list(file.classes.map(JSON.text))),
      ("parameters", .integer(file.instance.store.valueCount)),
      ("bytes", .integer(recorded.byteCount)),
      ("sha256", .text(recorded.digest)), ("settings", object(model.configuration.texts)),
      ("training", object(file.training)),
    ]
    if tensors {
      entries.append(
        (
          "tensors",
          .object(
            file.instance.store.parameters.map { parameter in
              (parameter.name, .list(parameter.value.shape.sizes.map { .integer($0) }))
            })
        ))
    }
    return .object(entries)
  }

  private func object(_ texts: [String: String]) -> JSON {
    .object(sorted(texts).map { ($0.key, .text($0.value)) })
  }

  private func sorted(_ texts: [String: String]) -> [(key: String, value: String)] {
    texts.sorted { $0.key < $1.key }
  }
}
