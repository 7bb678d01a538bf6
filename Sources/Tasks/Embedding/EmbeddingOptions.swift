import Tensors

/// What a table of embeddings shall hold, and how it is computed.
public struct EmbeddingOptions: Sendable {
  /// The kind of file.
  public enum Format: String, Sendable, CaseIterable {
    /// One line an image.
    case csv
    /// NumPy's matrix of float32, and the texts in a CSV beside it.
    case npy
  }

  /// The kind of file.
  public var format = Format.csv
  /// Whether the encoder's variances are written.
  public var writesVariances = false
  /// Whether the predicted class and the classes' probabilities are written.
  public var writesPredictions = false
  /// Whether images of another size are resampled to the model's.
  public var resizes = false
  /// How many of the nearest other images are named, with their distances.
  public var neighbours = 0
  /// Whether the places of a map are written.
  public var writesProjection = false
  /// Decides which images a map of many lays out.
  public var seed: UInt64 = 0
  /// Images in memory at once, about.
  public var batchSize = 1024

  /// The defaults.
  public init() {}

  /// Whether columns of a row depend on all rows.
  var relatesRows: Bool { neighbours > 0 || writesProjection }

  /// What equal tables have in common besides model, images, and columns that come last.
  func identity(_ precision: ElementType) -> String {
    "\(format) \(writesVariances) \(writesPredictions) \(resizes) \(precision)"
  }
}
