import Files

/// Copies a table that a program of ours wrote, fields added at the end of every record.
enum LineExtension {
  private static let bytesAtOnce = 1 << 18

  /// - Parameter next: the fields of the next record, the head first.
  static func copy(
    _ source: String, into file: AtomicFile, adding next: () throws -> [String]
  ) throws {
    var isQuoted = false
    var offset = 0
    while true {
      let bytes = try FileSystem.readBytes(source, from: offset, count: bytesAtOnce)
      guard !bytes.isEmpty else { return }
      offset += bytes.count
      var start = 0
      for (place, byte) in bytes.enumerated() {
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        guard byte == UInt8(ascii: "\n"), !isQuoted else { continue }
        try file.write(Array(bytes[start..<place]))
        try file.write("," + CSV.line(try next()))
        start = place + 1
      }
      try file.write(Array(bytes[start...]))
    }
  }
}
