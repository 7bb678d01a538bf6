/// A table of features with labels, as `lacuna embed` writes it, or another program.
///
/// Features are the columns `embedding_...`; where a table has none of that name, every column but
/// `filename`, `label` and `predicted_class`.
public struct FeatureTable: Sendable {
  /// The file.
  public let path: String
  /// Features a row.
  public let width: Int
  /// The class of each row; nil where its field is empty.
  public let labels: [String?]
  /// The class of each row as the model predicted it, where the table has it.
  public let predictions: [String]?
  /// The values, row after row.
  package let features: [Float]

  /// The number of rows.
  public var count: Int { labels.count }

  /// A table of these rows.
  package init(
    path: String, width: Int, labels: [String?], predictions: [String]? = nil, features: [Float]
  ) {
    precondition(features.count == labels.count * width)
    self.path = path
    self.width = width
    self.labels = labels
    self.predictions = predictions
    self.features = features
  }
}
