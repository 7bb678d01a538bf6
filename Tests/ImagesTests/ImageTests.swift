import Images
import Testing

@Suite("Pictures in memory")
struct ImageTests {
  static let letters = Image(
    width: 3, height: 2, format: .grey, pixels: Array("abcdef".utf8))

  /// What each EXIF orientation makes of the stored rows "abc" and "def".
  @Test(arguments: [
    (1, "abc/def"), (2, "cba/fed"), (3, "fed/cba"), (4, "def/abc"),
    (5, "ad/be/cf"), (6, "da/eb/fc"), (7, "fc/eb/da"), (8, "cf/be/ad"),
  ])
  func orients(_ orientation: Int, _ expected: String) {
    let rows = expected.split(separator: "/")
    let image = Self.letters.oriented(orientation)
    #expect(image.width == rows[0].count && image.height == rows.count)
    #expect(String(decoding: image.pixels, as: UTF8.self) == rows.joined())
  }

  @Test func crops() {
    let part = Self.letters.cropped(to: Rectangle(x: 1, y: 0, width: 2, height: 2))
    #expect(String(decoding: part.pixels, as: UTF8.self) == "bcef")
  }

  @Test func weighsColoursByTheirBrightness() {
    #expect(Image.luma(red: 255, green: 0, blue: 0) == 76)
    #expect(Image.luma(red: 0, green: 255, blue: 0) == 150)
    #expect(Image.luma(red: 0, green: 0, blue: 255) == 29)
    for level in UInt8.min...255 {
      #expect(Image.luma(red: level, green: level, blue: level) == level)
    }
  }

  @Test(arguments: PixelFormat.allCases)
  func greySurvivesEveryFormat(_ format: PixelFormat) {
    let image = Self.letters.converted(to: format)
    #expect(image.format == format)
    #expect(image.isGrey)
    #expect(image.converted(to: .grey) == Self.letters)
  }

  @Test func knowsColour() {
    #expect(!Fixtures.warm.isGrey)
    #expect(Fixtures.smooth.converted(to: .rgb).isGrey)
  }

  @Test func compositesAlpha() {
    let image = Image(width: 3, height: 1, format: .greyAlpha, pixels: [10, 0, 10, 255, 100, 128])
    #expect(image.composited(over: 255).pixels == [255, 10, 177])
    #expect(image.composited(over: 0).pixels == [0, 10, 50])
    #expect(image.removingAlpha().pixels == [10, 10, 100])
    #expect(image.alpha?.pixels == [0, 255, 128])
    #expect(image.converted(to: .rgb).pixels == [255, 255, 255, 10, 10, 10, 177, 177, 177])
    #expect(
      image.converted(to: .rgba).pixels == [10, 10, 10, 0, 10, 10, 10, 255, 100, 100, 100, 128])
    #expect(Self.letters.alpha == nil)
  }

  @Test func comparesPixelsAndNotOrigins() {
    let other = Image(
      width: 3, height: 2, format: .grey, bitDepth: 1, pixels: Array("abcdef".utf8))
    #expect(Self.letters == other)
    var changed = other
    changed[2, 1] = 0
    #expect(Self.letters != changed)
    #expect(Self.letters.largestDifference(to: changed) == 102)
    #expect(Self.letters != Self.letters.converted(to: .rgb))
  }
}
