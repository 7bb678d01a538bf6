import Files

/// Rows of text in columns of equal width.
enum Table {
  /// The rows, two spaces between columns, no blanks at the ends of lines.
  static func text(_ rows: [[String]]) -> String {
    let rows = rows.map { $0.map(Printable.line) }
    let columns = rows.reduce(0) { max($0, $1.count) }
    let widths = (0..<columns).map { column in
      rows.reduce(0) { max($0, column < $1.count ? $1[column].count : 0) }
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        column == row.count - 1
          ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      var line = cells.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
