import Tensors

/// Some rows of a table, scaled, with their classes, in chunks that a thread handles alone.
package struct LabelledRows: Sendable {
  /// Rows that stand together.
  struct Chunk: Sendable {
    /// Float32 `[rows, width]`.
    let features: Tensor
    /// The class of each row.
    let targets: [Int32]
    /// The place of the first row among all.
    let start: Int
  }

  /// Rows a chunk: enough for a good product, few enough to stay in a core's cache.
  static let chunkSize = 512

  let chunks: [Chunk]
  let targets: [Int32]

  /// The number of rows.
  var count: Int { targets.count }

  /// These rows; `targets` has the class of every row of the table.
  package init(_ rows: [Int], of table: FeatureTable, _ targets: [Int32], _ scaling: FeatureScaling)
  {
    self.targets = rows.map { targets[$0] }
    chunks = ThreadPool.map((rows.count + Self.chunkSize - 1) / Self.chunkSize) { chunk in
      let part = rows[chunk * Self.chunkSize..<min(rows.count, (chunk + 1) * Self.chunkSize)]
      return Chunk(
        features: scaling.tensor(part, of: table), targets: part.map { targets[$0] },
        start: part.startIndex)
    }
  }
}
