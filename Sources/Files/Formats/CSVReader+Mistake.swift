extension CSVReader {
  /// A mistake in a file.
  package struct Mistake: Error, Equatable {
    /// The line, counted from 1.
    package let line: Int
    /// What is wrong there.
    package let reason: String

    /// A mistake in this line.
    package init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }
}

extension CSVReader.Mistake {
  /// Bytes that are not UTF-8.
  static func notText(line: Int) -> Self {
    Self(line: line, reason: "is not UTF-8 text; save it as UTF-8")
  }

  /// A zero, of which text in two bytes a character has many, or the mark before such text.
  static func wideText(line: Int) -> Self {
    Self(line: line, reason: "is not UTF-8 but UTF-16, or no text at all; save it as UTF-8")
  }

  /// Fields that are separated by this byte; nil where it separates none in any kind of table.
  init?(separator byte: UInt8, line: Int) {
    let kinds = [
      UInt8(ascii: ";"): "semicolons", UInt8(ascii: "\t"): "tabs", UInt8(ascii: "|"): "bars",
    ]
    guard let kind = kinds[byte] else { return nil }
    self.init(
      line: line, reason: "its fields are separated by \(kind); save it with commas between them")
  }
}
