import ArgumentParser
import Tasks

/// What a table of embeddings holds besides the features, and its kind.
struct EmbeddingColumnOptions: ParsableArguments {
  @Flag(help: "Add the encoder's variances: variance_0, variance_1, ...")
  var variance = false

  @Flag(help: "Add predicted_class and the probability of each class.")
  var predict = false

  @Option(
    name: [.customLong("neighbors"), .customLong("neighbours")],
    help: """
      Add the nearest other images by features, and the root mean square of the differences to \
      them: neighbor_1, distance_1, ...
      """, value: "count", takes: .number(in: 1...1000))
  var neighbours: Int?

  @Flag(help: "Add projection_x and projection_y, the place on the map.")
  var projection = false

  @Option(seed: "Decides which images the map lays out where there are more than 3000.")
  var seed: UInt64

  @Option(
    help: "The kind of table.", takes: .one(of: EmbeddingOptions.Format.allCases),
    otherwise: "npy where the output's name ends so, else csv")
  var format: EmbeddingOptions.Format?

  /// The same for a table of this name.
  func options(for output: String) -> EmbeddingOptions {
    var options = EmbeddingOptions()
    options.writesVariances = variance
    options.writesPredictions = predict
    options.neighbours = neighbours ?? 0
    options.writesProjection = projection
    options.seed = seed
    options.format = format ?? (output.hasSuffix(".npy") ? .npy : .csv)
    return options
  }
}
