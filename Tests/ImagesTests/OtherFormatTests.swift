import Files
import Images
import Testing

@Suite("A file of another kind is called by its name, not damaged")
struct OtherFormatTests {
  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  private static func media(_ major: String, _ compatible: String...) -> [UInt8] {
    let brands = compatible.flatMap { Array($0.utf8) }
    return [0, 0, 0, UInt8(16 + brands.count)] + Array("ftyp\(major)\0\0\0\0".utf8) + brands
      + zeros(30)
  }

  static let images: [(name: String, bytes: [UInt8])] = [
    ("a GIF image", Array("GIF89a".utf8) + zeros(20)),
    ("a GIF image", Array("GIF87a".utf8)),
    ("a WebP image", Array("RIFF....WEBPVP8 ".utf8)),
    ("a BMP image", Array("BM".utf8) + [90, 0, 0, 0] + zeros(4) + [54, 0, 0, 0, 40] + zeros(40)),
    ("a BMP image", Array("BM".utf8) + [90, 0, 0, 0] + zeros(4) + [26, 0, 0, 0, 12] + zeros(40)),
    ("a TIFF image", Array("II*\0".utf8) + zeros(8)),
    ("a TIFF image", Array("MM\0*".utf8) + zeros(8)),
    ("a TIFF image", Array("II+\0".utf8) + zeros(8)),
    ("a HEIC image", media("heic", "mif1", "heic")),
    ("a HEIC image", media("mif1", "heic")),
    ("an AVIF image", media("avif", "mif1", "miaf")),
    ("an AVIF image", media("mif1", "miaf", "avif")),
    ("an AVIF image", media("avis")),
    ("a JPEG XL image", [0xff, 0x0a, 0xfa]),
    ("a JPEG XL image", [0, 0, 0, 12] + Array("JXL ".utf8) + [0x0d, 0x0a, 0x87, 0x0a]),
    ("a JPEG 2000 image", [0, 0, 0, 12] + Array("jP  ".utf8) + [0x0d, 0x0a, 0x87, 0x0a]),
    ("a JPEG 2000 image", [0xff, 0x4f, 0xff, 0x51, 0, 41]),
    ("an SVG drawing", Array("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8)),
    ("an SVG drawing", Array("\u{feff}<?xml version=\"1.0\"?>\n<!-- a -->\n<svg>".utf8)),
    ("a Photoshop document", Array("8BPS\0\u{1}".utf8)),
    ("a Netpbm image", Array("P6\n2 2\n255\n".utf8)),
    ("a Windows icon", [0, 0, 1, 0, 1, 0]),
  ]

  static let archives: [(name: String, bytes: [UInt8])] = [
    ("a gzip file", [0x1f, 0x8b, 8, 0]),
    ("a ZIP archive", Array("PK\u{3}\u{4}".utf8)),
    ("an xz file", [0xfd] + Array("7zXZ\0".utf8)),
    ("a Zstandard file", [0x28, 0xb5, 0x2f, 0xfd]),
  ]

  private func explanation(_ bytes: [UInt8]) -> String? {
    #expect(throws: ImageError.self) { try ImageDecoder().decode(bytes, path: "here") }?.explanation
  }

  @Test(arguments: images)
  func namesImages(_ one: (name: String, bytes: [UInt8])) {
    #expect(explanation(one.bytes) == "is \(one.name), not PNG or JPEG; convert it")
  }

  @Test(arguments: archives)
  func namesArchives(_ one: (name: String, bytes: [UInt8])) {
    #expect(explanation(one.bytes) == "is \(one.name), not PNG or JPEG; unpack it")
  }

  @Test(arguments: [
    "BMW is a maker of cars, and this is no picture", "<!DOCTYPE html><html><svg>", "P", "GIF",
    "RIFF",
    "<?xml version=\"1.0\"?><note/>", "II", "PNG",
  ])
  func namesNothingElse(_ text: String) {
    #expect(
      explanation(Array(text.utf8))
        == "is neither a PNG nor a JPEG image; convert or remove it")
  }

  @Test func namesKindsOfJPEG() throws {
    let bytes = try FileSystem.readBytes(Fixtures.path("odd/rgb.jpg"))
    let frame = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xff, 0xc0]) })
    for (place, value, name) in [
      (1, 0xc3, "lossless JPEG"), (1, 0xc5, "hierarchical JPEG"), (1, 0xcb, "lossless JPEG"),
      (1, 0xf7, "JPEG-LS"), (4, 12, "12-bit JPEG"),
      (6, 0, "JPEG that tells its height only after its rows"),
    ] as [(Int, UInt8, String)] {
      var changed = bytes
      changed[frame + place] = value
      #expect(explanation(changed) == "is of an unsupported kind (\(name)); convert it")
    }
  }

  @Test func namesApplesPNG() throws {
    for length in [0, 4, 16] {
      var bytes = try FileSystem.readBytes(Fixtures.path("odd/rgba.png"))
      bytes.insert(contentsOf: PNGParts.chunk("CgBI", Self.zeros(length)), at: 8)
      #expect(
        explanation(bytes) == "is of an unsupported kind (Apple's CgBI PNG); convert it")
    }
  }

  @Test func takesTheDefaultImageOfAnAnimation() throws {
    let bytes = try FileSystem.readBytes(Fixtures.path("odd/rgb.png"))
    let data = PNGParts.data("IDAT", of: bytes)
    let control = [0, 0, 0, 24, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0] as [UInt8]
    let animation = PNGParts.file(
      PNGParts.chunk("IHDR", PNGParts.data("IHDR", of: bytes)),
      PNGParts.chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]),
      PNGParts.chunk("fcTL", [0, 0, 0, 0] + control), PNGParts.chunk("IDAT", data),
      PNGParts.chunk("fcTL", [0, 0, 0, 1] + control),
      PNGParts.chunk("fdAT", [0, 0, 0, 2] + data), PNGParts.chunk("IEND", []))
    let decoder = ImageDecoder()
    #expect(try decoder.decode(animation, path: "a") == decoder.decode(bytes, path: "b"))
  }
}
