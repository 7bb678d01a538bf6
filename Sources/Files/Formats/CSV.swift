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

  /// One line with its line feed; fields with a comma, a quote or a line break are quoted.
  public static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  /// Fields line by line.
  ///
  /// A last line without a line feed is left out: it may have been cut short. So is what follows a
  /// line that no program of ours has written.
  public static func lines(of text: String) -> [[String]] {
    var rows: [Row] = []
    try? scan(text, takesLastWithoutLineFeed: false) { rows.append($0) }
    return rows.map(\.fields)
  }

  /// The rows of a table that others wrote, its header among them.
  ///
  /// Empty lines are left out; a byte order mark, line ends of two bytes (CR LF) and a last line
  /// without a line feed are taken as they are meant.
  ///
  /// - Throws: `CSVReader.Mistake`.
  package static func rows(of text: String) throws -> [Row] {
    var rows: [Row] = []
    try scan(text, takesLastWithoutLineFeed: true) { rows.append($0) }
    return rows
  }

  private static func scan(
    _ text: String, takesLastWithoutLineFeed: Bool, _ take: (Row) -> Void
  ) throws {
    var fields: [String] = []
    try CSVReader.scan(
      text: text, takesLastWithoutLineFeed: takesLastWithoutLineFeed,
      field: { _, bytes, _ in fields.append(String(decoding: bytes, as: UTF8.self)) },
      record: { _, line in
        take(Row(fields, line))
        fields = []
      })
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
