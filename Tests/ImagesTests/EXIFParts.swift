/// EXIF data as cameras and editors write them.
enum EXIFParts {
  /// The types that an orientation is stored as, with the sizes of a value.
  enum Kind: Int, CaseIterable {
    case byte = 1
    case short = 3
    case long = 4
    case signedShort = 8
    case signedLong = 9
    var size: Int {
      switch self {
      case .byte: 1
      case .short, .signedShort: 2
      case .long, .signedLong: 4
      }
    }
  }

  /// A TIFF header and a directory with an orientation, after `entriesBefore` others, the directory
  /// `gap` bytes behind the header.
  static func tiff(
    orientation: Int, kind: Kind = .short, bigEndian: Bool = true, entriesBefore: Int = 0,
    gap: Int = 0, count: Int = 1
  ) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return bigEndian ? little.reversed() : little
    }
    var bytes = Array((bigEndian ? "MM" : "II").utf8)
    bytes += number(42, 2) + number(8 + gap, 4) + [UInt8](repeating: 0xaa, count: gap)
    bytes += number(entriesBefore + 1, 2)
    for index in 0..<entriesBefore {
      bytes += number(0x100 + index, 2) + number(3, 2) + number(1, 4) + number(6, 2) + [0, 0]
    }
    bytes += number(0x112, 2) + number(kind.rawValue, 2) + number(count, 4)
    let value = number(orientation, kind.size)
    return bytes + value + [UInt8](repeating: 0, count: 4 - kind.size) + [0, 0, 0, 0]
  }

  /// A segment APP1 of a JPEG.
  static func segment(_ payload: [UInt8]) -> [UInt8] {
    [0xff, 0xe1, UInt8((payload.count + 2) >> 8), UInt8((payload.count + 2) & 0xff)] + payload
  }

  static let mark = Array("Exif\0\0".utf8)
}
