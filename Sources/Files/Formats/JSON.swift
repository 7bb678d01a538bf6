/// A JSON value (RFC 8259), written and read: small, its names in order, without Foundation, whose
/// decoder forgets in which order they stood.
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

  /// Whether two values are written alike.
  public static func == (left: JSON, right: JSON) -> Bool { left.line == right.line }
}

extension JSON {
  /// The value of this name; nil where this is no object or has none.
  ///
  /// The last one counts where a name stands twice.
  public subscript(name: String) -> JSON? {
    guard case .object(let entries) = self else { return nil }
    return entries.last { $0.name == name }?.value
  }

  /// The text; nil where this is none.
  public var asText: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// The number, whole or not; nil where this is none.
  public var asNumber: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    default: nil
    }
  }

  /// The whole number; nil where this is none.
  public var asInteger: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The whole number from 0; nil where this is none.
  public var asUnsigned: UInt64? {
    switch self {
    case .integer(let value): UInt64(exactly: value)
    case .unsigned(let value): value
    default: nil
    }
  }

  /// The values; nil where this is no list.
  public var asList: [JSON]? {
    guard case .list(let values) = self else { return nil }
    return values
  }

  /// The named values; nil where this is no object.
  public var asEntries: [(name: String, value: JSON)]? {
    guard case .object(let entries) = self else { return nil }
    return entries
  }
}
