import Platform

/// Paths as texts, whatever bytes they are made of.
///
/// A path is bytes, mostly UTF-8, sometimes of an older encoding. A byte that is no part of UTF-8
/// stands in a text as a code point of the private range U+10FE80...U+10FEFF, and becomes itself
/// again where the system is given the path: nothing else is looked for, or written.
package enum PathText {
  /// The code point of byte 0.
  private static let base: UInt32 = 0x10_fe00
  private static let range = base + 0x80...base + 0xff

  /// The byte that a code point stands for; nil where it stands for itself.
  static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    range.contains(scalar.value) ? UInt8(scalar.value - base) : nil
  }

  /// The text of a path.
  package static func text(_ bytes: some Collection<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    var parser = Unicode.UTF8.ForwardParser()
    var (rest, next) = (bytes[...], bytes.makeIterator())
    func takeAsTheyAre(_ count: Int) {
      for byte in rest.prefix(count) {
        if let scalar = Unicode.Scalar(base + UInt32(byte)) { text.append(scalar) }
      }
      rest = rest.dropFirst(count)
    }
    while true {
      switch parser.parseScalar(from: &next) {
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        // One of the private range is kept by its bytes, or it would become another path.
        if byte(scalar) != nil {
          takeAsTheyAre(encoded.count)
        } else {
          text.append(scalar)
          rest = rest.dropFirst(encoded.count)
        }
      case .error(let length): takeAsTheyAre(length)
      case .emptyInput: return String(text)
      }
    }
  }

  /// The text of a path that ends with a zero byte.
  package static func text(_ bytes: UnsafePointer<CChar>) -> String {
    text(UnsafeRawBufferPointer(start: bytes, count: strlen(bytes)))
  }

  /// Gives the bytes of a path, and a zero byte, to the system.
  package static func withBytes<Result>(
    _ path: String, _ body: (UnsafePointer<CChar>) throws -> Result
  ) rethrows -> Result {
    // Every code point of the range begins so.
    guard path.utf8.contains(0xf4) else { return try path.withCString(body) }
    var bytes: [CChar] = []
    for scalar in path.unicodeScalars {
      if let byte = byte(scalar) {
        bytes.append(CChar(bitPattern: byte))
      } else {
        bytes += String(scalar).utf8.map { CChar(bitPattern: $0) }
      }
    }
    return try body(bytes + [0])
  }
}
