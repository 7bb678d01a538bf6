import Files
import Images
import Testing

@Suite("The orientation is applied in every form that it comes in")
struct OrientationTests {
  private let jpeg: [UInt8]
  private let png: [UInt8]

  init() throws {
    jpeg = try FileSystem.readBytes(Fixtures.path("odd/rgb.jpg"))
    png = try ImageEncoder.encode(Fixtures.warm, as: .png)
  }

  private func withSegments(_ segments: [UInt8]) -> [UInt8] {
    Array(jpeg[..<2]) + segments + jpeg[2...]
  }

  private func withChunk(_ name: String, _ data: [UInt8], spoilt: Bool = false) -> [UInt8] {
    Array(png[..<33]) + PNGParts.chunk(name, data, spoilt: spoilt) + png[33...]
  }

  /// The orientation that is read, once it is sure that it is applied.
  private func orientation(_ bytes: [UInt8]) throws -> Int {
    let information = try ImageDecoder().information(bytes, path: "memory")
    let image = try ImageDecoder().decode(bytes, path: "memory")
    let turned = information.orientation >= 5
    #expect(image.width == (turned ? Fixtures.height : Fixtures.width))
    #expect(information.width == image.width && information.height == image.height)
    return information.orientation
  }

  @Test(arguments: EXIFParts.Kind.allCases, [true, false])
  func readsEveryTypeAndByteOrder(_ kind: EXIFParts.Kind, _ bigEndian: Bool) throws {
    for expected in 1...8 {
      let tiff = EXIFParts.tiff(orientation: expected, kind: kind, bigEndian: bigEndian)
      #expect(try orientation(withSegments(EXIFParts.segment(EXIFParts.mark + tiff))) == expected)
      #expect(try orientation(withChunk("eXIf", tiff)) == expected)
    }
  }

  @Test func turnsThePixelsOfPNG() throws {
    let tiff = EXIFParts.tiff(orientation: 6, kind: .long)
    let image = try ImageDecoder().decode(withChunk("eXIf", tiff), path: "memory")
    let stored = Fixtures.warm
    try #require(image.width == stored.height && image.height == stored.width)
    // Orientation 6: the first row is the right-hand side, the first column the top.
    for y in 0..<stored.height {
      for x in 0..<stored.width {
        let from = (y * stored.width + x) * 3
        let to = (x * image.width + stored.height - 1 - y) * 3
        #expect(stored.pixels[from..<from + 3] == image.pixels[to..<to + 3])
      }
    }
  }

  @Test func findsItWhereverItStands() throws {
    let six = EXIFParts.tiff(orientation: 6)
    let segment = EXIFParts.segment(EXIFParts.mark + six)
    let later = EXIFParts.tiff(orientation: 6, kind: .long, entriesBefore: 5, gap: 14)
    let metadata = EXIFParts.segment(Array("http://ns.adobe.com/xap/1.0/\0<x/>".utf8))
    let empty = EXIFParts.segment(EXIFParts.mark + Array("II*\0".utf8) + [8, 0, 0, 0, 0, 0])
    for segments in [
      EXIFParts.segment(EXIFParts.mark + later), metadata + segment, empty + segment,
      metadata + metadata + segment, [0xff, 0xff, 0xff] + segment,
    ] {
      #expect(try orientation(withSegments(segments)) == 6)
    }
    // Between the application's first segment and the tables, with garbage before the marker.
    let garbage = Array(jpeg[..<20]) + Array("garbage".utf8) + segment + jpeg[20...]
    #expect(try orientation(garbage) == 6)
    for mark in ["Exif", "Exif\0", "Exif\0\0", "Exif\0\0Exif\0\0"] {
      #expect(try orientation(withSegments(EXIFParts.segment(Array(mark.utf8) + six))) == 6)
    }
    #expect(try orientation(withChunk("eXIf", EXIFParts.mark + six)) == 6)
    #expect(try orientation(withChunk("eXIf", six, spoilt: true)) == 6)
    let behindPixels = png.dropLast(12) + PNGParts.chunk("eXIf", six) + png.suffix(12)
    #expect(try orientation(Array(behindPixels)) == 6)
  }

  @Test func ignoresWhatIsNone() throws {
    var none = [0, 9, 255].map { EXIFParts.tiff(orientation: $0) }
    none += [0, 9, 0x60006, -6].map { EXIFParts.tiff(orientation: $0, kind: .long) }
    none.append(EXIFParts.tiff(orientation: 6, count: 2))
    none += [Array("MM".utf8), [], Array(EXIFParts.tiff(orientation: 6).prefix(16))]
    for tiff in none {
      #expect(try orientation(withSegments(EXIFParts.segment(EXIFParts.mark + tiff))) == 1)
      #expect(try orientation(withChunk("eXIf", tiff)) == 1)
    }
  }

  @Test func readsItFromATextOfDigits() throws {
    let tiff = EXIFParts.mark + EXIFParts.tiff(orientation: 8, bigEndian: false)
    let digits = tiff.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    let profile = Array("\nexif\n      \(tiff.count)\n\(digits.joined())\n".utf8)
    for keyword in ["Raw profile type exif", "Raw profile type APP1"] {
      let key = Array(keyword.utf8) + [0]
      #expect(try orientation(withChunk("tEXt", key + profile)) == 8)
      #expect(try orientation(withChunk("iTXt", key + [0, 0, 0, 0] + profile)) == 8)
      #expect(try orientation(withChunk("zTXt", key + [0] + Array("junk".utf8))) == 1)
      #expect(try orientation(withChunk("tEXt", key)) == 1)
    }
    #expect(try orientation(withChunk("tEXt", Array("Comment\0".utf8) + profile)) == 1)
  }
}
