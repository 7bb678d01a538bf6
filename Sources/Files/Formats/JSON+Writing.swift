extension JSON {
  /// The text, indented by two spaces a level, without a line break at the end.
  public var formatted: String { text(indent: "") }

  /// The text on one line, without blanks and without a line break at the end.
  public var line: String { text(indent: nil) }

  /// The text of this value, indented by so much, or on one line.
  private func text(indent: String?) -> String {
    switch self {
    case .text(let text): return Self.quoted(text)
    case .number(let value): return value.isFinite ? Self.plain(value) : "null"
    case .integer(let value): return "\(value)"
    case .unsigned(let value): return "\(value)"
    case .boolean(let value): return value ? "true" : "false"
    case .null: return "null"
    case .list(let values):
      let inner = indent.map { $0 + "  " }
      return Self.bracketed("[", values.map { $0.text(indent: inner) }, "]", indent)
    case .object(let entries):
      let inner = indent.map { $0 + "  " }
      let colon = indent == nil ? ":" : ": "
      let items = entries.map { Self.quoted($0.name) + colon + $0.value.text(indent: inner) }
      return Self.bracketed("{", items, "}", indent)
    }
  }

  private static func bracketed(
    _ opening: String, _ items: [String], _ closing: String, _ indent: String?
  ) -> String {
    guard let indent, !items.isEmpty else {
      return opening + items.joined(separator: ",") + closing
    }
    let lines = items.map { "\(indent)  \($0)" }.joined(separator: ",\n")
    return "\(opening)\n\(lines)\n\(indent)\(closing)"
  }

  /// Whole numbers lose the `.0` that Swift writes.
  private static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where Printable.isControl(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
