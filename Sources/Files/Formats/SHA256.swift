/// The SHA-256 digest of bytes (FIPS 180-4).
public enum SHA256 {
  /// The digest of these bytes, as 64 hexadecimal digits.
  public static func hexadecimal(of bytes: [UInt8]) -> String { hexadecimal(digest(of: bytes)) }

  private static func hexadecimal(_ digest: [UInt8]) -> String {
    digest.map { byte in
      let text = String(byte, radix: 16)
      return byte < 16 ? "0" + text : text
    }.joined()
  }

  /// Half of the digest, 32 hexadecimal digits: enough to tell contents apart that nobody has made alike.
  package static func fingerprint(of bytes: [UInt8]) -> String {
    String(hexadecimal(of: bytes).prefix(32))
  }

  /// The digest of these bytes, 32 bytes.
  public static func digest(of bytes: [UInt8]) -> [UInt8] {
    var state = initialState
    let rest = absorb(bytes, into: &state)
    return finish(state, rest: bytes[rest...], count: bytes.count)
  }

  /// The digest of a regular file, as 64 hexadecimal digits, read piece by piece.
  ///
  /// - Throws: ``FileError`` when it cannot be opened or read or is not a regular file.
  package static func hexadecimal(ofFile path: String) throws(FileError) -> String {
    // A multiple of a block.
    let piece = 1 << 20
    var state = initialState
    var count = 0
    while true {
      let bytes = try FileSystem.readBytes(path, from: count, count: piece)
      count += bytes.count
      let rest = absorb(bytes, into: &state)
      if bytes.count < piece {
        return hexadecimal(finish(state, rest: bytes[rest...], count: count))
      }
    }
  }

  /// Takes the whole blocks of some bytes in.
  ///
  /// - Returns: where the bytes begin that fill no block.
  private static func absorb(_ bytes: [UInt8], into state: inout [UInt32]) -> Int {
    let rest = bytes.count / 64 * 64
    bytes.withUnsafeBufferPointer { buffer in
      for start in stride(from: 0, to: rest, by: 64) {
        compress(&state, UnsafeBufferPointer(rebasing: buffer[start..<start + 64]))
      }
    }
    return rest
  }

  /// The digest of all that a state has taken in and of the rest, `count` bytes together.
  private static func finish(
    _ former: [UInt32], rest: ArraySlice<UInt8>, count: Int
  ) -> [UInt8] {
    var state = former
    // The rest, a one bit, zeros, and the length in bits as the last 8 bytes of a block.
    var tail = Array(rest)
    tail.append(0x80)
    while tail.count % 64 != 56 { tail.append(0) }
    withUnsafeBytes(of: (UInt64(count) * 8).bigEndian) { tail.append(contentsOf: $0) }
    _ = absorb(tail, into: &state)
    return state.flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
  }

  private static func compress(_ state: inout [UInt32], _ block: UnsafeBufferPointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
      for i in 0..<16 {
        words[i] =
          UInt32(block[4 * i]) << 24 | UInt32(block[4 * i + 1]) << 16
          | UInt32(block[4 * i + 2]) << 8 | UInt32(block[4 * i + 3])
      }
      for i in 16..<64 {
        let (x, y) = (words[i - 15], words[i - 2])
        let low = rotated(x, 7) ^ rotated(x, 18) ^ (x >> 3)
        let high = rotated(y, 17) ^ rotated(y, 19) ^ (y >> 10)
        words[i] = words[i - 16] &+ low &+ words[i - 7] &+ high
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      for i in 0..<64 {
        let big1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let choice = (e & f) ^ (~e & g)
        let first = h &+ big1 &+ choice &+ constants[i] &+ words[i]
        let big0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
        let majority = (a & b) ^ (a & c) ^ (b & c)
        (h, g, f, e) = (g, f, e, d &+ first)
        (d, c, b, a) = (c, b, a, first &+ big0 &+ majority)
      }
      for (i, word) in [a, b, c, d, e, f, g, h].enumerated() { state[i] = state[i] &+ word }
    }
  }

  @inline(__always)
  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  /// The fractional parts of the square roots of the first 8 primes.
  private static let initialState: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]

  /// The fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}
