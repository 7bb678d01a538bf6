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

  /// A quoted field without an end.
  public struct UnclosedQuote: Error, Equatable, Sendable {
    /// The line on which the row of the field begins, counted from 1.
    public let line: Int
  }

  /// One line with its line feed; fields with a comma, a quote or a line break are quoted.
  public static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  /// Fields line by line.
  ///
  /// A last line without a line feed is left out: it may have been cut short.
  public static func lines(of text: String) -> [[String]] {
    var parser = Parser(text)
    var lines: [[String]] = []
    while let row = parser.next(), parser.isWhole { lines.append(row.fields) }
    return lines
  }

  /// The rows of a table that others wrote, its header among them.
  ///
  /// Empty lines are left out; a byte order mark, line ends of two bytes (CR LF) and a last line
  /// without a line feed are taken as they are meant.
  public static func rows(of text: String) throws(UnclosedQuote) -> [Row] {
    var parser = Parser(text)
    var rows: [Row] = []
    while let row = parser.next() {
      if parser.isQuoted { throw UnclosedQuote(line: row.line) }
      if row.fields != [""] { rows.append(row) }
    }
    return rows
  }

  private static func quoted(_ field: String) -> String {
    let special: [UInt8] = [
      UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
    ]
    guard field.utf8.contains(where: special.contains) else { return field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

extension CSV {
  /// Reads a text row by row.
  private struct Parser {
    /// Whether the last row had its line feed.
    private(set) var isWhole = true
    /// Whether a quote stands open.
    private(set) var isQuoted = false
    private var bytes: ArraySlice<UInt8>
    private var line = 1

    init(_ text: String) {
      bytes = Array(text.utf8)[...]
      if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
    }

    /// The next row, nil at the end.
    mutating func next() -> Row? {
      guard !bytes.isEmpty else { return nil }
      let start = line
      var fields: [String] = []
      var field: [UInt8] = []
      while let byte = bytes.popFirst() {
        if byte == UInt8(ascii: "\n") { line += 1 }
        switch byte {
        case UInt8(ascii: "\"") where isQuoted && bytes.first == byte:
          bytes.removeFirst()
          field.append(byte)
        case UInt8(ascii: "\""): isQuoted.toggle()
        case UInt8(ascii: ",") where !isQuoted:
          fields.append(String(decoding: field, as: UTF8.self))
          field = []
        case UInt8(ascii: "\r") where !isQuoted && bytes.first == UInt8(ascii: "\n"): break
        case UInt8(ascii: "\n") where !isQuoted:
          return Row(fields + [String(decoding: field, as: UTF8.self)], start)
        default: field.append(byte)
        }
      }
      isWhole = false
      return Row(fields + [String(decoding: field, as: UTF8.self)], start)
    }
  }
}
