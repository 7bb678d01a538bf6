/// A table of features with labels, as `lacuna embed` writes it, or another program.
///
/// Features are the columns `embedding_...`; where a table has none of that name, every column but
/// `filename`, `label` and `predicted_class`.
public struct FeatureTable: Sendable {
  /// The file.
  public let path: String
  /// The names of the features.
  public let columns: [String]
  /// The class of each row; nil where its field is empty.
  public let labels: [String?]
  /// The class of each row as the model predicted it, where the table has it.
  public let predictions: [String]?
  /// The values, row after row.
  package let features: [Float]

  /// Features a row.
  public var width: Int { columns.count }

  /// The number of rows.
  public var count: Int { labels.count }

  /// A table of these rows.
  package init(
    path: String, columns: [String], labels: [String?], predictions: [String]? = nil,
    features: [Float]
  ) {
    precondition(features.count == labels.count * columns.count)
    self.path = path
    self.columns = columns
    self.labels = labels
    self.predictions = predictions
    self.features = features
  }
}
