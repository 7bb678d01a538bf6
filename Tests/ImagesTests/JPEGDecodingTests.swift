import Files
import Images
import Testing

@Suite("JPEG files of every kind decode to nearly their pixels")
struct JPEGDecodingTests {
  static let darkened = Fixtures.image(.rgb) { x, y in
    // Four inks with a key of 51 leave 204/255 of the light.
    [40 + 6 * x, 200 - 8 * y, 90 + 3 * x].map { ($0 * 204 + 127) / 255 }
  }

  @Test(arguments: ["grey", "grey-progressive"])
  func decodesGrey(_ name: String) throws {
    let image = try ImageFile.read(Fixtures.path("odd/\(name).jpg"))
    #expect(image.format == .grey && image.bitDepth == 8)
    #expect(image.largestDifference(to: Fixtures.smooth) <= 4)
  }

  @Test(arguments: [
    "rgb", "rgb-progressive", "ycck", "without-end", "without-end-progressive", "trailer",
    "orientation-long",
  ])
  func decodesColour(_ name: String) throws {
    let image = try ImageFile.read(Fixtures.path("odd/\(name).jpg"))
    #expect(image.format == .rgb)
    try #require(image.width == Fixtures.width && image.height == Fixtures.height)
    #expect(image.largestDifference(to: Fixtures.warm) <= 8)
  }

  @Test func decodesHalvedColour() throws {
    let image = try ImageFile.read(Fixtures.path("odd/rgb-subsampled.jpg"))
    #expect(image.largestDifference(to: Fixtures.warm) <= 12)
  }

  @Test(arguments: ["cmyk", "cmyk-not-adobe"])
  func decodesInks(_ name: String) throws {
    let image = try ImageFile.read(Fixtures.path("odd/\(name).jpg"))
    #expect(image.format == .rgb)
    #expect(image.largestDifference(to: Self.darkened) <= 8)
  }

  @Test(arguments: 1...8)
  func appliesOrientation(_ orientation: Int) throws {
    let path = Fixtures.path("odd/orientation-\(orientation).jpg")
    let image = try ImageFile.read(path)
    #expect(image.width == Fixtures.width && image.height == Fixtures.height)
    #expect(image.largestDifference(to: Fixtures.warm) <= 8)
    let information = try ImageFile.information(path)
    #expect(information.fileFormat == .jpeg)
    #expect(information.orientation == orientation)
    #expect(information.width == Fixtures.width && information.height == Fixtures.height)
  }

  @Test func ignoresADamagedOrientation() throws {
    let path = Fixtures.path("odd/orientation-6.jpg")
    var bytes = try FileSystem.readBytes(path)
    let exif = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("Exif".utf8)) })
    let upright = try ImageDecoder().information(bytes, path: path)
    #expect(upright.orientation == 6)
    for offset in [6, 8, 10, 14] {  // byte order, 42, directory, number of entries
      bytes[exif + offset] ^= 0xff
      let information = try ImageDecoder().information(bytes, path: path)
      #expect((1...8).contains(information.orientation))
      #expect(try ImageDecoder().decode(bytes, path: path).pixels.count == 24 * 16 * 3)
      bytes[exif + offset] ^= 0xff
    }
  }
}
