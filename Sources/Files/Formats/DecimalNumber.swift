import Platform

/// Decimal text as a float32, quickly: tables have millions of them.
package enum DecimalNumber {
  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }

  /// The number that these bytes write, or nil where they are none, or not a finite one.
  package static func float(_ bytes: UnsafeBufferPointer<UInt8>) -> Float? {
    if let value = plain(bytes) { return value }
    // Rare forms: many digits, exponents.
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { text in
      for (place, byte) in bytes.enumerated() {
        guard isPart(byte) else { return nil }
        text[place] = CChar(bitPattern: byte)
      }
      text[bytes.count] = 0
      var end: UnsafeMutablePointer<CChar>?
      let value = strtof(text.baseAddress.unsafelyUnwrapped, &end)
      guard let end, let start = text.baseAddress, !bytes.isEmpty, end - start == bytes.count,
        value.isFinite
      else { return nil }
      return value
    }
  }

  /// Digits with at most one point, 15 of them at most: such a number and its power of ten are exact
  /// in float64.
  private static func plain(_ bytes: UnsafeBufferPointer<UInt8>) -> Float? {
    guard (1...17).contains(bytes.count) else { return nil }
    let isNegative = bytes[0] == UInt8(ascii: "-")
    var mantissa: Int64 = 0
    var (digits, decimals) = (0, 0)
    var hasPoint = false
    for place in (isNegative ? 1 : 0)..<bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: ".") {
        if hasPoint { return nil }
        hasPoint = true
        continue
      }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      mantissa = mantissa * 10 + Int64(byte - UInt8(ascii: "0"))
      digits += 1
      if hasPoint { decimals += 1 }
    }
    guard (1...15).contains(digits) else { return nil }
    let value = Float(Double(mantissa) / powers[decimals])
    return isNegative ? -value : value
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
  }
}
