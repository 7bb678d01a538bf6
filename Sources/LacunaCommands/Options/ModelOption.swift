import ArgumentParser
import Training

/// The model that a command works with.
struct ModelOption: ParsableArguments {
  @Option(help: ArgumentHelp("The trained model.", valueName: "file.safetensors"))
  var model: String

  /// Reads it.
  func read() throws -> ModelFile { try ModelFile(contentsOf: model) }

  /// Reads it, for a command that records which file it was.
  func recorded() throws -> RecordedModel { try RecordedModel(contentsOf: model) }
}
