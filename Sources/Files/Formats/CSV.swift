/// Comma-separated values (RFC 4180, lines ended by a line feed).
public enum CSV {
  /// One row of a table.
  public struct Row: Equatable, Sendable {
    /// Its fields, without quotes.
    public let fields: [String]
    /// The line on which it begins, counted from 1.
    public let line: Int

    /// A row of these fields.
    public init(_ fields: [String], _ line: Int) {
      self.fields = fields
      self.line = line
    }
  }

  /// One line with its line feed; fields with a comma, a quote or a line break are quoted, and
  /// those with blanks at their ends, which would else be taken for padding.
  public static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  /// Fields line by line, of a text that a program of ours wrote.
  ///
  /// A last line without a line feed is left out: it may have been cut short. So is what follows a
  /// line that no program of ours has written.
  public static func lines(of text: String) -> [[String]] {
    var rows = Rows()
    try? CSVReader.scan(
      text: text, isOwn: true, field: { _, bytes, line in try rows.take(bytes, line) },
      record: { rows.end($1) })
    return rows.all.map(\.fields)
  }

  /// The rows of a table that others wrote, its header among them.
  ///
  /// Empty lines and blanks around fields without quotes are left out; a byte order mark, line ends
  /// with a carriage return and a last line without an end are taken as they are meant.
  ///
  /// - Throws: `CSVReader.Mistake`.
  package static func rows(of text: String) throws -> [Row] {
    var rows = Rows()
    try CSVReader.scan(
      text: text, isOwn: false, field: { _, bytes, line in try rows.take(bytes, line) },
      record: { rows.end($1) })
    return rows.all
  }

  /// The same of a file or a pipe.
  ///
  /// - Throws: `CSVReader.Mistake`, also where it is not UTF-8; `FileError`.
  package static func rows(contentsOf path: String) throws -> [Row] {
    var rows = Rows()
    try CSVReader.scan(
      path, field: { _, bytes, line in try rows.take(bytes, line) }, record: { rows.end($1) })
    return rows.all
  }

  /// Rows while they are read.
  private struct Rows {
    var all: [Row] = []
    private var fields: [String] = []

    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Int) throws {
      fields.append(try CSVReader.text(bytes, line: line))
    }

    mutating func end(_ line: Int) {
      all.append(Row(fields, line))
      fields = []
    }
  }

  /// By bytes: a comma with a combining mark after it is no character ",", but it is a comma.
  private static func quoted(_ field: String) -> String {
    let special = [",", "\"", "\n", "\r"].flatMap(\.utf8)
    var field = field
    let isPlain = field.withUTF8 { bytes in
      Blanks.trimmed(bytes).count == bytes.count && !bytes.contains(where: special.contains)
    }
    if isPlain { return field }
    let quote = UInt8(ascii: "\"")
    let doubled = field.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return String(decoding: [quote] + doubled + [quote], as: UTF8.self)
  }
}
