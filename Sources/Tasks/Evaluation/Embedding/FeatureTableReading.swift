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
  private var labels: [String?] = []
  private var predictions: [String] = []
  private var values: [Float] = []

  init(path: String) { self.path = path }

  mutating func take(_ column: Int, _ bytes: UnsafeBufferPointer<UInt8>, line: Int) throws {
    guard hasHeader else {
      header.append(try CSVReader.text(bytes, line: line))
      return
    }
    // Too many fields are reported at the end of the record.
    guard column < columns.count else { return }
    switch columns[column] {
    case .other: break
    case .label: labels.append(bytes.isEmpty ? nil : try CSVReader.text(bytes, line: line))
    case .prediction: predictions.append(try CSVReader.text(bytes, line: line))
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
      path: path, columns: features, labels: labels,
      predictions: columns.contains(.prediction) ? predictions : nil, features: values)
  }

  /// The names of the features.
  private var features: [String] { zip(header, columns).filter { $1 == .feature }.map(\.0) }

  private mutating func takeHeader(line: Int) throws {
    let names = try CSVHeader(header, line: line)
    func mistake(_ reason: String) -> CSVReader.Mistake {
      CSVReader.Mistake(line: line, reason: "the header has \(reason)")
    }
    guard let label = try names.column("label") else {
      throw mistake("no column 'label'; embed a directory with a folder a class")
    }
    let isEmbedding = header.contains { $0.utf8.starts(with: "embedding_".utf8) }
    columns = header.map { name in
      !isEmbedding || name.utf8.starts(with: "embedding_".utf8) ? .feature : .other
    }
    if let filename = try names.column("filename") { columns[filename] = .other }
    if let prediction = try names.column("predicted_class") { columns[prediction] = .prediction }
    columns[label] = .label
    hasHeader = true
    guard !features.isEmpty else { throw mistake("no columns of features") }
    guard ExactText.places(of: features).count == features.count else {
      let twice = features.first { name in features.count { $0.isExactly(name) } > 1 } ?? ""
      throw mistake("two columns '\(twice)'")
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
