/// Blanks around a field: spaces, tabs, and the no-break spaces that spreadsheets and web pages leave.
enum Blanks {
  private static let noBreakSpace: [UInt8] = [0xc2, 0xa0]

  /// Whether a byte is a blank by itself.
  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// UTF-8 without the blanks at its ends.
  static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var rest = bytes[...]
    while let first = rest.first {
      if isBlank(first) {
        rest = rest.dropFirst()
      } else if rest.starts(with: noBreakSpace) {
        rest = rest.dropFirst(2)
      } else {
        break
      }
    }
    while let last = rest.last {
      if isBlank(last) {
        rest = rest.dropLast()
      } else if rest.suffix(2).elementsEqual(noBreakSpace) {
        rest = rest.dropLast(2)
      } else {
        break
      }
    }
    return UnsafeBufferPointer(rebasing: rest)
  }
}
