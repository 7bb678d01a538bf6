/// Texts as a terminal may have them.
///
/// Names of files and classes come from anywhere, and a control character in one could forge a line
/// of ours, clear the screen or turn the order of what is read. Such characters are shown as escapes:
/// `\x1b`, `\u{202e}`. Tables and records that programs read keep them.
package enum Printable {
  /// A text that stays on one line.
  package static func line(_ text: String) -> String { escaped(text, keepsLineFeeds: false) }

  /// A text of lines of our own making.
  package static func lines(_ text: String) -> String { escaped(text, keepsLineFeeds: true) }

  /// Bytes that may not be UTF-8, on one line.
  package static func line(bytes: some Collection<UInt8>) -> String { line(PathText.text(bytes)) }

  /// Whether a terminal does something else with it than to show it.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1f, 0x7f...0x9f: true  // C0, delete, C1
    case 0x61c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: true  // the order of text
    case 0x2028, 0x2029: true  // separators of lines and paragraphs
    case _ where PathText.byte(scalar) != nil: true  // bytes of no text
    default: false
    }
  }

  private static func escaped(_ text: String, keepsLineFeeds: Bool) -> String {
    func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
      isControl(scalar) && !(keepsLineFeeds && scalar == "\n")
    }
    guard text.unicodeScalars.contains(where: isEscaped) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isEscaped(scalar) {
        result += escape(PathText.byte(scalar).map(UInt32.init) ?? scalar.value)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func escape(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return value < 0x100 ? "\\x\(value < 0x10 ? "0" : "")\(digits)" : "\\u{\(digits)}"
  }
}
