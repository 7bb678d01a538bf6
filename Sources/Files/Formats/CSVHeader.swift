/// The first row of a table that others wrote: the names of its columns.
package struct CSVHeader: Sendable {
  /// The names.
  package let names: [String]
  /// The line on which they stand.
  package let line: Int

  /// A header.
  ///
  /// - Throws: `CSVReader.Mistake` where its fields are separated by something other than commas.
  package init(_ names: [String], line: Int) throws(CSVReader.Mistake) {
    self.names = names
    self.line = line
    guard names.count == 1 else { return }
    for byte in names[0].utf8 {
      if let mistake = CSVReader.Mistake(separator: byte, line: line) { throw mistake }
    }
  }

  /// The place of a column, whose name may be written in capitals too; nil where there is none.
  ///
  /// - Throws: `CSVReader.Mistake` where there are several.
  package func column(_ name: String) throws(CSVReader.Mistake) -> Int? {
    let exact = names.indices.filter { names[$0].isExactly(name) }
    let found =
      exact.isEmpty
      ? names.indices.filter { names[$0].lowercased().isExactly(name) } : exact
    guard found.count < 2 else {
      throw CSVReader.Mistake(line: line, reason: "the header has two columns '\(name)'")
    }
    return found.first
  }
}
