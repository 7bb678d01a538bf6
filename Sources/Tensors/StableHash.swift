/// A hash of bytes that is the same on every machine and in every version: FNV-1a, 64 bits.
package struct StableHash {
  /// The hash of what was taken so far.
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of nothing.
  package init() {}

  /// Goes on by a byte, or by a larger number as if it were one.
  package mutating func take(_ number: UInt64) { value = (value ^ number) &* 0x100_0000_01b3 }

  /// Goes on by bytes.
  package mutating func take(_ bytes: UnsafeRawBufferPointer) {
    for byte in bytes { take(UInt64(byte)) }
  }

  /// Goes on by a text's UTF-8.
  package mutating func take(_ text: String) {
    for byte in text.utf8 { take(UInt64(byte)) }
  }
}
