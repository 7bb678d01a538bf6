import Files

/// The bytes of some rows: those of the table, and those of the texts beside it, where there are.
struct EmbeddingBytes: Sendable, Equatable {
  var table: [UInt8] = []
  var texts: [UInt8] = []
}

/// What is known of an image: its row.
struct EmbeddingRow {
  let filename: String
  /// The name of its class; nil where it has none.
  let label: String?
  let features: [Float]
  /// As many as features, or none.
  let variances: [Float]
  /// One a class, or none.
  let probabilities: [Float]
}

/// Which columns a table of embeddings has, and how a row is written.
///
/// CSV: `filename,label,embedding_0,...,variance_0,...,predicted_class,probability_CLASS,...`.
/// NumPy: the numbers as a matrix, in this order, and the texts, `filename,label,predicted_class`,
/// in a CSV beside it.
struct EmbeddingLayout: Sendable {
  let format: EmbeddingOptions.Format
  let isLabelled: Bool
  let featureCount: Int
  let hasVariances: Bool
  /// The names of the classes that are predicted; nil without predictions.
  let classes: [String]?

  /// Numbers a row.
  var numberCount: Int { featureCount * (hasVariances ? 2 : 1) + (classes?.count ?? 0) }

  /// What the files begin with; a matrix's count of rows is put in at the end.
  func head(rows: Int = 0) -> EmbeddingBytes {
    let first = ["filename"] + (isLabelled ? ["label"] : [])
    let last = classes == nil ? [] : ["predicted_class"]
    switch format {
    case .csv:
      let features = (0..<featureCount).map { "embedding_\($0)" }
      let variances = hasVariances ? (0..<featureCount).map { "variance_\($0)" } : []
      let probabilities = (classes ?? []).map { "probability_\($0)" }
      return EmbeddingBytes(
        table: Array(CSV.line(first + features + variances + last + probabilities).utf8))
    case .npy:
      return EmbeddingBytes(
        table: NumPyHeader.float32(rows: rows, columns: numberCount),
        texts: Array(CSV.line(first + last).utf8))
    }
  }

  /// Writes a row at the end of the bytes.
  func append(_ row: EmbeddingRow, to bytes: inout EmbeddingBytes) {
    var texts = [row.filename] + (isLabelled ? [row.label ?? ""] : [])
    let predicted = classes.map { $0[Self.largest(row.probabilities)] }
    switch format {
    case .csv:
      bytes.table.append(contentsOf: CSV.line(texts).utf8.dropLast())
      for value in row.features { Self.append(value, to: &bytes.table) }
      for value in row.variances { Self.append(value, to: &bytes.table) }
      if let predicted {
        bytes.table.append(contentsOf: ",\(CSV.line([predicted]))".utf8.dropLast())
      }
      for value in row.probabilities { Self.append(value, to: &bytes.table) }
      bytes.table.append(UInt8(ascii: "\n"))
    case .npy:
      for values in [row.features, row.variances, row.probabilities] {
        for value in values {
          withUnsafeBytes(of: value.bitPattern.littleEndian) {
            bytes.table.append(contentsOf: $0)
          }
        }
      }
      texts += [predicted].compactMap { $0 }
      bytes.texts.append(contentsOf: CSV.line(texts).utf8)
    }
  }

  /// A comma, and the shortest text that reads back to the same float32.
  private static func append(_ value: Float, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: ","))
    bytes.append(contentsOf: value.description.utf8)
  }

  /// Where the first of the largest values stands.
  private static func largest(_ values: [Float]) -> Int {
    var best = values.startIndex
    for place in values.indices where values[place] > values[best] { best = place }
    return best - values.startIndex
  }
}
