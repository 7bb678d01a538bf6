extension JSON {
  /// Why a text is no JSON.
  public struct Mistake: Error, Equatable, Sendable, CustomStringConvertible {
    /// The byte at which reading stopped, counted from 0.
    public let place: Int
    /// What is wrong there.
    public let reason: String

    /// One line.
    public var description: String { "is no JSON: \(reason) at byte \(place)" }
  }

  /// Reads a text strictly: one value, with nothing but blanks around it.
  ///
  /// Whole numbers become `integer` or `unsigned` where they fit, else `number`.
  ///
  /// - Throws: ``Mistake``, also where values are nested more than 512 levels deep.
  public init(reading text: String) throws(Mistake) {
    var reader = JSONReader(bytes: Array(text.utf8))
    self = try reader.document()
  }
}

/// A place in a text that is read.
private struct JSONReader {
  private static let deepest = 512

  let bytes: [UInt8]
  private var place = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private func mistake(_ reason: String) -> JSON.Mistake {
    JSON.Mistake(place: place, reason: reason)
  }

  mutating func document() throws(JSON.Mistake) -> JSON {
    let value = try value(depth: 0)
    guard next == nil else { throw mistake("more text after the value") }
    return value
  }

  private mutating func skipBlanks() {
    while let byte = next, " \t\n\r".utf8.contains(byte) { place += 1 }
  }

  /// Passes a byte that stands here, if it does, and what is blank after it.
  private mutating func pass(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    skipBlanks()
    return true
  }

  /// A value with the blanks around it.
  private mutating func value(depth: Int) throws(JSON.Mistake) -> JSON {
    guard depth <= Self.deepest else { throw mistake("more than \(Self.deepest) levels") }
    skipBlanks()
    defer { skipBlanks() }
    switch next {
    case UInt8(ascii: "{"): return .object(try entries(depth: depth))
    case UInt8(ascii: "["): return .list(try values(depth: depth))
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func entries(depth: Int) throws(JSON.Mistake) -> [(name: String, value: JSON)] {
    _ = pass("{")
    if pass("}") { return [] }
    var entries: [(name: String, value: JSON)] = []
    repeat {
      let name = try text()
      skipBlanks()
      guard pass(":") else { throw mistake("a colon is missing") }
      entries.append((name, try value(depth: depth + 1)))
    } while pass(",")
    guard next == UInt8(ascii: "}") else { throw mistake("a comma or a brace is missing") }
    place += 1
    return entries
  }

  private mutating func values(depth: Int) throws(JSON.Mistake) -> [JSON] {
    _ = pass("[")
    if pass("]") { return [] }
    var values: [JSON] = []
    repeat { values.append(try value(depth: depth + 1)) } while pass(",")
    guard next == UInt8(ascii: "]") else { throw mistake("a comma or a bracket is missing") }
    place += 1
    return values
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(JSON.Mistake) -> JSON {
    let count = word.utf8CodeUnitCount
    guard bytes[place...].starts(with: UnsafeBufferPointer(start: word.utf8Start, count: count))
    else { throw mistake("no value") }
    place += count
    return value
  }

  // MARK: Numbers

  private mutating func number() throws(JSON.Mistake) -> JSON {
    let start = place
    if next == UInt8(ascii: "-") { place += 1 }
    let isZero = next == UInt8(ascii: "0")
    guard try digits() == 1 || !isZero else { throw mistake("a number begins with 0") }
    let whole = place
    if next == UInt8(ascii: ".") {
      place += 1
      _ = try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      place += 1
      if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { place += 1 }
      _ = try digits()
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if place == whole {
      if let value = Int(text) { return .integer(value) }
      if let value = UInt64(text) { return .unsigned(value) }
    }
    guard let value = Double(text), value.isFinite else { throw mistake("a number out of range") }
    return .number(value)
  }

  /// Passes digits, at least one, and counts them.
  private mutating func digits() throws(JSON.Mistake) -> Int {
    let start = place
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
    guard place > start else { throw mistake(start == bytes.count ? "the end" : "no value") }
    return place - start
  }

  // MARK: Texts

  private mutating func text() throws(JSON.Mistake) -> String {
    guard next == UInt8(ascii: "\"") else { throw mistake("no text") }
    place += 1
    var result: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        place += 1
        return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"):
        place += 1
        result += Array(try escaped().utf8)
      case ..<0x20: throw mistake("a control character in a text")
      default:
        place += 1
        result.append(byte)
      }
    }
    throw mistake("the end within a text")
  }

  /// The character that stands after a backslash.
  private mutating func escaped() throws(JSON.Mistake) -> String {
    guard let byte = next else { throw mistake("the end within a text") }
    if byte == UInt8(ascii: "u") {
      let high = try codeUnit()
      if let scalar = Unicode.Scalar(high) { return String(scalar) }
      // Half of a pair: the other one must follow.
      guard UTF16.isLeadSurrogate(high), next == UInt8(ascii: "\\") else {
        throw mistake("half a character")
      }
      place += 1
      guard next == UInt8(ascii: "u") else { throw mistake("half a character") }
      let low = try codeUnit()
      guard UTF16.isTrailSurrogate(low) else { throw mistake("half a character") }
      return String(decoding: [high, low], as: UTF16.self)
    }
    let plain: [(UInt8, String)] = [
      (UInt8(ascii: "n"), "\n"), (UInt8(ascii: "\""), "\""), (UInt8(ascii: "\\"), "\\"),
      (UInt8(ascii: "/"), "/"), (UInt8(ascii: "t"), "\t"), (UInt8(ascii: "r"), "\r"),
      (UInt8(ascii: "b"), "\u{8}"), (UInt8(ascii: "f"), "\u{c}"),
    ]
    guard let character = plain.first(where: { $0.0 == byte })?.1 else {
      throw mistake("an unknown escape")
    }
    place += 1
    return character
  }

  /// The `uXXXX` that stands here.
  private mutating func codeUnit() throws(JSON.Mistake) -> UInt16 {
    let digits = bytes[place...].dropFirst().prefix(4)
    guard digits.count == 4, !digits.contains(UInt8(ascii: "+")),
      !digits.contains(UInt8(ascii: "-")),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw mistake("no four hexadecimal digits") }
    place += 5
    return unit
  }
}
