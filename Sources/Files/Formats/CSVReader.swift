import Platform

/// Reads comma-separated values of any size, piece by piece (RFC 4180; lines may end with or
/// without a carriage return, and the last one without either).
package struct CSVReader {
  /// A mistake in a file.
  package struct Mistake: Error, Equatable {
    /// The line, counted from 1.
    package let line: Int
    /// What is wrong there.
    package let reason: String

    /// A mistake in this line.
    package init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  /// Called for each field with its column, its bytes without quotes, and the line it begins in.
  package typealias Field = (_ column: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ line: Int) throws
    -> Void
  /// Called at the end of each record with its number of fields and the line it begins in.
  package typealias Record = (_ fields: Int, _ line: Int) throws -> Void

  private enum Place {
    case start, unquoted, quoted, afterQuote
  }

  private var field: [UInt8] = []
  private var place = Place.start
  private var column = 0
  private var line = 1
  private var recordLine = 1
  private var fieldLine = 1

  /// Goes through a whole file.
  ///
  /// Blank lines are passed over.
  ///
  /// - Throws: `FileError`, `Mistake`, and what the callbacks throw.
  package static func scan(_ path: String, field: Field, record: Record) throws {
    let descriptor = SystemCalls.openFile(path, O_RDONLY)
    guard descriptor >= 0 else { throw FileError(path: path, action: .open, code: errno) }
    defer { close(descriptor) }
    var reader = CSVReader()
    var isFirst = true
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 18) { buffer in
      while true {
        let count = SystemCalls.readAll(UnsafeMutableRawBufferPointer(buffer), from: descriptor)
        guard count >= 0 else { throw FileError(path: path, action: .read, code: Int32(-count)) }
        if count == 0 { break }
        let bytes = UnsafeBufferPointer(rebasing: buffer[..<count])
        try reader.take(isFirst ? unmarked(bytes) : bytes, field, record)
        isFirst = false
      }
    }
    try reader.end(field, record)
  }

  /// Goes through a text; a last record without a line feed counts only where asked for.
  static func scan(
    text: String, takesLastWithoutLineFeed: Bool, field: Field, record: Record
  ) throws {
    var reader = CSVReader()
    var text = text
    try text.withUTF8 { try reader.take(unmarked($0), field, record) }
    if takesLastWithoutLineFeed { try reader.end(field, record) }
  }

  /// Bytes without the mark that some programs put before UTF-8.
  private static func unmarked(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard bytes.starts(with: [0xef, 0xbb, 0xbf]) else { return bytes }
    return UnsafeBufferPointer(rebasing: bytes[3...])
  }

  private mutating func take(
    _ bytes: UnsafeBufferPointer<UInt8>, _ handler: Field, _ record: Record
  ) throws {
    for byte in bytes {
      switch (byte, place) {
      case (UInt8(ascii: "\""), .start):
        place = .quoted
      case (UInt8(ascii: "\""), .quoted): place = .afterQuote
      case (UInt8(ascii: "\""), .afterQuote):
        field.append(byte)
        place = .quoted
      case (UInt8(ascii: "\""), .unquoted):
        throw Mistake(line: line, reason: "a quote stands within a field that begins without one")
      case (UInt8(ascii: "\n"), .quoted):
        field.append(byte)
        line += 1
      case (_, .quoted): field.append(byte)
      case (UInt8(ascii: ","), _): try endField(handler)
      case (UInt8(ascii: "\n"), _):
        line += 1
        try endRecord(handler, record)
      case (UInt8(ascii: "\r"), .afterQuote): break
      case (_, .afterQuote):
        throw Mistake(line: line, reason: "text follows a quoted field")
      default:
        field.append(byte)
        place = .unquoted
      }
    }
  }

  private mutating func end(_ handler: Field, _ record: Record) throws {
    if place == .quoted {
      throw Mistake(line: fieldLine, reason: "a quoted field does not end: the file is cut short")
    }
    if place != .start || column > 0 { try endRecord(handler, record) }
  }

  private mutating func endField(_ handler: Field) throws {
    try field.withUnsafeBufferPointer { try handler(column, $0, fieldLine) }
    field.removeAll(keepingCapacity: true)
    place = .start
    column += 1
    fieldLine = line
  }

  private mutating func endRecord(_ handler: Field, _ record: Record) throws {
    if place == .unquoted, field.last == UInt8(ascii: "\r") {
      field.removeLast()
      if field.isEmpty { place = .start }
    }
    let isBlank = column == 0 && place == .start
    if !isBlank {
      try endField(handler)
      try record(column, recordLine)
    }
    (column, place, recordLine, fieldLine) = (0, .start, line, line)
  }
}
