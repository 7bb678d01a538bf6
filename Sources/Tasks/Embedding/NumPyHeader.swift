/// The head of NumPy's array files (`.npy`, version 1.0): a magic text, a length, and a Python
/// dictionary, padded with blanks.
enum NumPyHeader {
  /// Bytes of a head, always as many, so that the number of rows can be put in later.
  static let byteCount = 128

  /// The head of a row-major float32 matrix, little-endian.
  static func float32(rows: Int, columns: Int) -> [UInt8] {
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    let length = byteCount - bytes.count - 2
    bytes += [UInt8(length & 0xff), UInt8(length >> 8)] + Array(text.utf8)
    precondition(bytes.count < byteCount, "a matrix of \(rows) x \(columns)")
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: byteCount - 1 - bytes.count)
    return bytes + [UInt8(ascii: "\n")]
  }
}
