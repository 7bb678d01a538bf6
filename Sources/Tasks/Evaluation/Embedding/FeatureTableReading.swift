import Files

/// A table of features while it is read.
struct FeatureTableReading {
  private enum Column: Equatable {
    case feature, label, prediction, other
  }

  private let path: String
  private var header: [String] = []
  private var columns: [Column] = []
  private var hasHeader = false
  private var width = 0
  private var labels: [String?] = []
  private var predictions: [String] = []
  private var values: [Float] = []

  init(path: String) { self.path = path }

  mutating func take(_ column: Int, _ bytes: UnsafeBufferPointer<UInt8>, line: Int) throws {
    guard hasHeader else {
      header.append(String(decoding: bytes, as: UTF8.self))
      return
    }
    // Too many fields are reported at the end of the record.
    guard column < columns.count else { return }
    switch columns[column] {
    case .other: break
    case .label: labels.append(bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self))
    case .prediction: predictions.append(String(decoding: bytes, as: UTF8.self))
    case .feature:
      guard let value = DecimalNumber.float(bytes) else {
        let shown = String(decoding: bytes.prefix(40), as: UTF8.self)
        throw CSVReader.Mistake(
          line: line, reason: "column '\(header[column])' has '\(shown)', which is no finite number"
        )
      }
      values.append(value)
    }
  }

  mutating func endRecord(fields: Int, line: Int) throws {
    guard hasHeader else { return try takeHeader(line: line) }
    guard fields == header.count else {
      throw CSVReader.Mistake(
        line: line, reason: "has \(fields) fields, but the header has \(header.count)")
    }
  }

  func table() throws -> FeatureTable {
    guard hasHeader else { throw TaskError("\(path): is empty; give a table of features") }
    guard !labels.isEmpty else { throw TaskError("\(path): has a header and no rows") }
    return FeatureTable(
      path: path, width: width, labels: labels,
      predictions: columns.contains(.prediction) ? predictions : nil, features: values)
  }

  private mutating func takeHeader(line: Int) throws {
    let isEmbedding = header.contains { $0.hasPrefix("embedding_") }
    columns = header.map { name in
      switch name {
      case "label": .label
      case "predicted_class": .prediction
      case "filename": .other
      default: !isEmbedding || name.hasPrefix("embedding_") ? .feature : .other
      }
    }
    width = columns.count { $0 == .feature }
    hasHeader = true
    guard columns.count(where: { $0 == .label }) == 1 else {
      throw CSVReader.Mistake(
        line: line,
        reason: "the header has no column 'label'; embed a directory with a folder a class")
    }
    guard columns.count(where: { $0 == .prediction }) < 2 else {
      throw CSVReader.Mistake(line: line, reason: "the header has two columns 'predicted_class'")
    }
    guard width > 0 else {
      throw CSVReader.Mistake(line: line, reason: "the header has no columns of features")
    }
  }
}

extension FeatureTable {
  /// Reads a table.
  ///
  /// - Throws: `FileError` where the file cannot be read, `TaskError` with the line where it is no
  ///   table of features with labels.
  public init(contentsOf path: String) throws {
    var reading = FeatureTableReading(path: path)
    do {
      try CSVReader.scan(
        path, field: { try reading.take($0, $1, line: $2) },
        record: { try reading.endRecord(fields: $0, line: $1) })
    } catch let mistake as CSVReader.Mistake {
      throw TaskError("\(path): line \(mistake.line): \(mistake.reason)")
    }
    self = try reading.table()
  }
}
