import Platform

/// Reads comma-separated values of any size, piece by piece (RFC 4180; lines may end with a line feed,
/// a carriage return, or both, and the last one with neither).
package struct CSVReader {
  /// Called for each field with its column, its bytes without quotes, and the line it begins in.
  package typealias Field = (_ column: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ line: Int) throws
    -> Void
  /// Called at the end of each record with its number of fields and the line it begins in.
  package typealias Record = (_ fields: Int, _ line: Int) throws -> Void

  /// Where in a field the reader is; after the blanks that may follow a quoted field, too.
  private enum Place {
    case start, unquoted, quoted, afterQuote, afterBlank
  }

  private let trimsBlanks: Bool
  private var field: [UInt8] = []
  private var place = Place.start
  private var column = 0
  private var line = 1
  private var recordLine = 1
  private var fieldLine = 1
  private var isAfterReturn = false
  private var isAfterTab = false

  private init(trimsBlanks: Bool) { self.trimsBlanks = trimsBlanks }

  /// Goes through a whole file or what comes out of a pipe, as others wrote it.
  ///
  /// Blank lines are passed over, and so are blanks around fields that are not quoted.
  ///
  /// - Throws: `FileError`, `Mistake`, and what the callbacks throw.
  package static func scan(_ path: String, field: Field, record: Record) throws {
    let descriptor = SystemCalls.openFile(path, O_RDONLY)
    guard descriptor >= 0 else { throw FileError(path: path, action: .open, code: errno) }
    defer { close(descriptor) }
    var reader = CSVReader(trimsBlanks: true)
    var isFirst = true
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 18) { buffer in
      while true {
        let count = SystemCalls.readAll(UnsafeMutableRawBufferPointer(buffer), from: descriptor)
        guard count >= 0 else { throw FileError(path: path, action: .read, code: Int32(-count)) }
        if count == 0 { break }
        let bytes = UnsafeBufferPointer(rebasing: buffer[..<count])
        if isFirst, bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
          throw Mistake.wideText(line: 1)
        }
        try reader.take(isFirst ? unmarked(bytes) : bytes, field, record)
        isFirst = false
      }
    }
    try reader.end(field, record)
  }

  /// Goes through a text.
  ///
  /// - Parameter isOwn: whether a program of ours wrote it: then blanks count, and a last record
  ///   without a line feed does not.
  static func scan(text: String, isOwn: Bool, field: Field, record: Record) throws {
    var reader = CSVReader(trimsBlanks: !isOwn)
    var text = text
    try text.withUTF8 { try reader.take(unmarked($0), field, record) }
    if !isOwn { try reader.end(field, record) }
  }

  /// The text of a field.
  ///
  /// - Throws: `Mistake` where it is not UTF-8.
  package static func text(
    _ bytes: UnsafeBufferPointer<UInt8>, line: Int
  ) throws(Mistake) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(line: line) }
    return text
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
      let isSecondHalf = isAfterReturn && byte == UInt8(ascii: "\n")
      isAfterReturn = byte == UInt8(ascii: "\r")
      if isSecondHalf {
        if place == .quoted { field.append(byte) }
        continue
      }
      switch (byte, place) {
      case (0, _): throw Mistake.wideText(line: line)
      case (UInt8(ascii: "\""), .start): place = .quoted
      case (UInt8(ascii: "\""), .quoted): place = .afterQuote
      case (UInt8(ascii: "\""), .afterQuote):
        field.append(byte)
        place = .quoted
      case (UInt8(ascii: "\""), .unquoted):
        throw Mistake(line: line, reason: "a quote stands within a field that begins without one")
      case (UInt8(ascii: "\n"), .quoted), (UInt8(ascii: "\r"), .quoted):
        field.append(byte)
        line += 1
      case (_, .quoted): field.append(byte)
      case (UInt8(ascii: ","), _): try endField(handler)
      case (UInt8(ascii: "\n"), _), (UInt8(ascii: "\r"), _):
        line += 1
        try endRecord(handler, record)
      case (UInt8(ascii: " "), .start), (UInt8(ascii: "\t"), .start):
        // A quote may follow.
        if !trimsBlanks { append(byte) }
      case (_, .afterQuote), (_, .afterBlank): try takeAfterQuote(byte)
      default: append(byte)
      }
    }
  }

  private mutating func append(_ byte: UInt8) {
    field.append(byte)
    place = .unquoted
  }

  /// A byte after the quote that ends a field: a blank, or a mistake.
  private mutating func takeAfterQuote(_ byte: UInt8) throws(Mistake) {
    if trimsBlanks, Blanks.isBlank(byte) {
      place = .afterBlank
      isAfterTab = byte == UInt8(ascii: "\t")
    } else {
      throw Mistake(separator: isAfterTab ? UInt8(ascii: "\t") : byte, line: line)
        ?? Mistake(line: line, reason: "text follows a quoted field")
    }
  }

  private mutating func end(_ handler: Field, _ record: Record) throws {
    if place == .quoted {
      throw Mistake(line: fieldLine, reason: "a quoted field does not end: the file is cut short")
    }
    if place != .start || column > 0 { try endRecord(handler, record) }
  }

  private mutating func endField(_ handler: Field) throws {
    try field.withUnsafeBufferPointer { try handler(column, meant($0), fieldLine) }
    field.removeAll(keepingCapacity: true)
    (place, isAfterTab) = (.start, false)
    column += 1
    fieldLine = line
  }

  private mutating func endRecord(_ handler: Field, _ record: Record) throws {
    let isQuoted = place == .afterQuote || place == .afterBlank
    let isBlank =
      column == 0 && !isQuoted && field.withUnsafeBufferPointer { meant($0).isEmpty }
    if isBlank {
      field.removeAll(keepingCapacity: true)
    } else {
      try endField(handler)
      try record(column, recordLine)
    }
    (column, place, recordLine, fieldLine) = (0, .start, line, line)
  }

  /// A field without the blanks around it, where it is not quoted and they do not count.
  private func meant(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    trimsBlanks && place == .unquoted ? Blanks.trimmed(bytes) : bytes
  }
}
