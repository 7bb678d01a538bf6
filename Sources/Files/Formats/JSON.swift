/// A JSON value that is written as text: small, ordered, without Foundation.
public enum JSON: Sendable, Equatable {
  /// Text.
  case text(String)
  /// A number; written as `null` where it is not finite, because JSON has no such numbers.
  case number(Double)
  /// A whole number.
  case integer(Int)
  /// A whole number beyond the range of `Int`.
  case unsigned(UInt64)
  /// True or false.
  case boolean(Bool)
  /// Values in order.
  case list([JSON])
  /// Named values in this order.
  case object([(name: String, value: JSON)])
  /// Nothing.
  case null

  /// The text, indented by two spaces a level, without a line break at the end.
  public var formatted: String { text(indent: "") }

  private func text(indent: String) -> String {
    let inner = indent + "  "
    switch self {
    case .text(let text): return Self.quoted(text)
    case .number(let value): return value.isFinite ? Self.plain(value) : "null"
    case .integer(let value): return "\(value)"
    case .unsigned(let value): return "\(value)"
    case .boolean(let value): return value ? "true" : "false"
    case .null: return "null"
    case .list(let values):
      if values.isEmpty { return "[]" }
      let items = values.map { inner + $0.text(indent: inner) }
      return "[\n" + items.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let entries):
      if entries.isEmpty { return "{}" }
      let items = entries.map { entry in
        "\(inner)\(Self.quoted(entry.name)): \(entry.value.text(indent: inner))"
      }
      return "{\n" + items.joined(separator: ",\n") + "\n\(indent)}"
    }
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
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Whether two values are written alike.
  public static func == (left: JSON, right: JSON) -> Bool { left.formatted == right.formatted }
}
