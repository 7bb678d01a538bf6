import Files

/// The labels that a table gives to images.
///
///     filename,label
///     cat/1.png,cat
///     more/2,dog
///
/// The header names the columns, in any order and in small letters or capitals; others beside them are
/// left alone. A file name is a path below the directory of images, with or without its extension.
/// A name without a label stands for an image of no class.
public struct LabelFile: Sendable {
  /// One line.
  struct Row: Sendable {
    let filename: String
    /// The class, or `nil` where there is none.
    let label: String?
    /// The number of the line, counted from 1.
    let line: Int
  }

  /// Where the table stands.
  public let path: String

  let rows: [Row]

  /// Reads a table, from a pipe too.
  ///
  /// - Throws: `FileError` where the file cannot be read, `LabelFileError` where it is no such
  ///   table.
  public init(path: String) throws {
    do {
      rows = try Self.rows(of: CSV.rows(contentsOf: path), path)
    } catch let mistake as CSVReader.Mistake {
      throw LabelFileError(path: path, line: mistake.line, reason: .damaged(mistake.reason))
    }
    self.path = path
    guard rows.contains(where: { $0.label != nil }) else {
      throw LabelFileError(path: path, reason: .noLabels)
    }
  }

  private static func rows(of table: [CSV.Row], _ path: String) throws -> [Row] {
    guard let first = table.first else { throw LabelFileError(path: path, reason: .empty) }
    let header = try CSVHeader(first.fields, line: first.line)
    func column(_ name: String) throws -> Int {
      if let column = try header.column(name) { return column }
      throw LabelFileError(path: path, line: header.line, reason: .missingColumn(name))
    }
    let (filename, label) = (try column("filename"), try column("label"))
    return try table.dropFirst().compactMap { row in
      // Spreadsheets end with rows of nothing but commas.
      if row.fields.allSatisfy(\.isEmpty) { return nil }
      guard row.fields.count == header.names.count else {
        throw LabelFileError(
          path: path, line: row.line,
          reason: .fieldCount(row.fields.count, expected: header.names.count))
      }
      let text = row.fields[label]
      let isLabelled = !text.isEmpty && text != ImageFolder.unlabelledName
      return Row(
        filename: row.fields[filename], label: isLabelled ? text : nil, line: row.line)
    }
  }
}

/// A table of labels that cannot be used.
public struct LabelFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Why a table cannot be used.
  public enum Reason: Equatable, Sendable {
    /// Not even a header.
    case empty
    /// No image with a label below the header.
    case noLabels
    /// A header without this column.
    case missingColumn(String)
    /// A row with more or fewer fields than the header.
    case fieldCount(Int, expected: Int)
    /// Bytes that are not UTF-8, quotes that do not fit, other separators than commas; which.
    case damaged(String)
    /// A file name that no image of this directory has.
    case unknownFile(String, directory: String)
    /// A file name without extension that several images have.
    case ambiguousFile(String)
    /// An image that an earlier line names.
    case repeatedFile(String, line: Int)
  }

  /// The table.
  public let path: String

  /// The line, counted from 1, where one is to blame.
  public var line: Int?

  /// Why it cannot be used.
  public let reason: Reason

  /// One line: path, line, reason, what to do.
  public var description: String {
    let place = line.map { "\(path):\($0)" } ?? path
    switch reason {
    case .empty: return "\(place): is empty; its first line must be filename,label"
    case .noLabels: return "\(place): labels no image; a line such as 1.png,cat gives a label"
    case .missingColumn(let name):
      return "\(place): lacks the column '\(name)'; the first line must be filename,label"
    case .fieldCount(let count, let expected):
      return "\(place): its number of fields is \(count), that of the header \(expected); quote "
        + "a field that holds a comma"
    case .damaged(let detail): return "\(place): \(detail)"
    case .unknownFile(let name, let directory):
      return "\(place): '\(name)' is no image of \(directory); names are paths below it"
    case .ambiguousFile(let name):
      return "\(place): '\(name)' may be one of several images; give it with its extension"
    case .repeatedFile(let name, let line):
      return "\(place): '\(name)' is the image of line \(line) again; name each image once"
    }
  }
}
