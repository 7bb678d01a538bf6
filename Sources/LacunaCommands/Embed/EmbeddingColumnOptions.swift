import ArgumentParser
import Tasks

/// What a table of embeddings holds besides the features, and its kind.
struct EmbeddingColumnOptions: ParsableArguments {
  @Flag(help: "Add the encoder's variances: variance_0, variance_1, ...")
  var variance = false

  @Flag(help: "Add predicted_class and the probability of each class.")
  var predict = false

  @Option(
    help: "The kind of table.", takes: .one(of: EmbeddingOptions.Format.allCases),
    otherwise: "npy where the output's name ends so, else csv")
  var format: EmbeddingOptions.Format?

  /// The same for a table of this name.
  func options(for output: String) -> EmbeddingOptions {
    var options = EmbeddingOptions()
    options.writesVariances = variance
    options.writesPredictions = predict
    options.format = format ?? (output.hasSuffix(".npy") ? .npy : .csv)
    return options
  }
}
