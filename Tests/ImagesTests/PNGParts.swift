/// PNG files taken to pieces and put together, for files that no encoder writes.
enum PNGParts {
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// The number's four bytes, the highest first.
  static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// Length, name, data and checksum; with `spoilt`, a wrong checksum.
  static func chunk(_ name: String, _ data: [UInt8], spoilt: Bool = false) -> [UInt8] {
    let named = Array(name.utf8) + data
    let sum = checksum(named) ^ (spoilt ? 1 : 0)
    return bigEndian(UInt32(data.count)) + named + bigEndian(sum)
  }

  /// Chunks with their places in a PNG, in order.
  static func chunks(_ bytes: [UInt8]) -> [(name: String, data: [UInt8])] {
    var found: [(name: String, data: [UInt8])] = []
    var position = signature.count
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      found.append((name, Array(bytes[position + 8..<position + 8 + length])))
      position += 12 + length
    }
    return found
  }

  /// The data of all chunks of this name.
  static func data(_ name: String, of bytes: [UInt8]) -> [UInt8] {
    chunks(bytes).filter { $0.name == name }.flatMap(\.data)
  }

  /// A PNG of these chunks.
  static func file(_ chunks: [UInt8]...) -> [UInt8] { signature + chunks.flatMap(\.self) }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xffff_ffff
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    return ~sum
  }
}
