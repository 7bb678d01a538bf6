import ArgumentParser
import Tasks

/// What a table of embeddings holds besides the features, and its kind.
struct EmbeddingColumnOptions: ParsableArguments {
  /// The kind of table.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, npy
  }

  @Flag(help: "Add the encoder's variances: variance_0, variance_1, ...")
  var variance = false

  @Flag(help: "Add predicted_class and the probability of each class.")
  var predict = false

  @Option(help: "csv or npy (default: npy where the output's name ends so, else csv).")
  var format: Format?

  /// The same for a table of this name.
  func options(for output: String) -> EmbeddingOptions {
    var options = EmbeddingOptions()
    options.writesVariances = variance
    options.writesPredictions = predict
    let format = format ?? (output.hasSuffix(".npy") ? .npy : .csv)
    options.format = format == .npy ? .npy : .csv
    return options
  }
}
