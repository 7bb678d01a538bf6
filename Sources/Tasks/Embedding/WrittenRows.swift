import Files

/// The rows of a table of embeddings whose last columns are still to come.
struct WrittenRows {
  let tablePath: String
  /// The texts beside a matrix; nil for a CSV table.
  let textsPath: String?
  let layout: EmbeddingLayout
  let count: Int

  /// The names of the images and of their classes, in order, and the features.
  func read() throws -> RelatedRows {
    let store = try FeatureStore(width: layout.featureCount)
    var names: [String] = []
    var labels: [String?] = []
    let first = layout.isLabelled ? 2 : 1
    let features = textsPath == nil ? first..<first + layout.featureCount : 0..<0
    var values: [Float] = []
    var isHead = true
    try CSVReader.scan(textsPath ?? tablePath) { column, bytes, line in
      guard !isHead else { return }
      if column == 0 {
        names.append(try CSVReader.text(bytes, line: line))
      } else if layout.isLabelled, column == 1 {
        labels.append(bytes.isEmpty ? nil : try CSVReader.text(bytes, line: line))
      } else if features.contains(column) {
        values.append(Float(String(decoding: bytes, as: UTF8.self)) ?? .nan)
      }
    } record: { _, _ in
      isHead = false
      if values.count >= Self.numbersAtOnce {
        try store.append(values)
        values.removeAll(keepingCapacity: true)
      }
    }
    try store.append(values)
    if textsPath != nil { try readMatrix(into: store) }
    if !layout.isLabelled { labels = [String?](repeating: nil, count: names.count) }
    return RelatedRows(names: names, labels: labels, store: store)
  }

  private static let numbersAtOnce = 1 << 18

  private func readMatrix(into store: FeatureStore) throws {
    let width = layout.numberCount
    let rows = max(1, Self.numbersAtOnce / width)
    for start in stride(from: 0, to: count, by: rows) {
      let block = min(rows, count - start)
      let bytes = try FileSystem.readBytes(
        tablePath, from: NumPyHeader.byteCount + start * width * 4, count: block * width * 4)
      var values: [Float] = []
      values.reserveCapacity(block * store.width)
      bytes.withUnsafeBytes { bytes in
        for row in 0..<block {
          for column in 0..<store.width {
            let bits = bytes.loadUnaligned(
              fromByteOffset: (row * width + column) * 4, as: UInt32.self)
            values.append(Float(bitPattern: UInt32(littleEndian: bits)))
          }
        }
      }
      try store.append(values)
    }
  }
}

/// What is known of all rows of a table together.
struct RelatedRows {
  let names: [String]
  /// The names of the classes; nil where an image has none.
  let labels: [String?]
  let store: FeatureStore
}
