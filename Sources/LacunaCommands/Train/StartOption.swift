import ArgumentParser
import Training

/// What a training begins with.
struct StartOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Begin with the weights of this model: all of the same model, or the encoder of another one, \
      such as a classifier with that of contrastive. Images are brought to its channels and levels.
      """, valueName: "file.safetensors"))
  var start: String?

  /// Reads it.
  func read() throws -> ModelStart? { try start.map { try ModelStart(contentsOf: $0) } }
}
