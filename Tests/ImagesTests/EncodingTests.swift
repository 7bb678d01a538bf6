import Images
import TestSupport
import Testing

@Suite("Images survive being written")
struct EncodingTests {
  @Test(arguments: PixelFormat.allCases)
  func roundTripsThroughPNG(_ format: PixelFormat) throws {
    let image = Fixtures.image(format) { x, y in
      (0..<format.channels).map { ($0 + 1) * (x * 37 + y * 101) % 256 }
    }
    let bytes = try ImageEncoder.encode(image, as: .png)
    #expect(try ImageDecoder().decode(bytes, path: "memory") == image)
    #expect(try ImageEncoder.encode(image, as: .png) == bytes)
  }

  @Test(arguments: [1, 7, 8, 9, 24])
  func roundTripsThroughOneBit(_ width: Int) throws {
    let pixels: [UInt8] = (0..<width * 3).map { $0 % 3 == 0 ? 255 : 0 }
    let image = Image(width: width, height: 3, format: .grey, pixels: pixels)
    let bytes = try ImageEncoder.encode(image, as: .bilevelPNG)
    let decoded = try ImageDecoder().decode(bytes, path: "memory")
    #expect(decoded == image)
    #expect(decoded.bitDepth == 1)
  }

  @Test func nearlyKeepsPixelsInJPEG() throws {
    for image in [Fixtures.smooth, Fixtures.warm] {
      let bytes = try ImageEncoder.encode(image, as: .jpeg(quality: 95))
      let decoded = try ImageDecoder().decode(bytes, path: "memory")
      #expect(decoded.format == image.format)
      #expect(decoded.largestDifference(to: image) <= 8)
    }
    let coarse = try ImageEncoder.encode(Fixtures.warm, as: .jpeg(quality: 10))
    let fine = try ImageEncoder.encode(Fixtures.warm, as: .jpeg(quality: 100))
    #expect(coarse.count < fine.count)
  }

  @Test func writesTransparencyOverWhiteInJPEG() throws {
    let clear = Image(width: 8, height: 8, format: .rgba, filledWith: [9, 9, 9, 0])
    let bytes = try ImageEncoder.encode(clear, as: .jpeg(quality: 95))
    let decoded = try ImageDecoder().decode(bytes, path: "memory")
    #expect(decoded.pixels.allSatisfy { $0 >= 254 })
  }

  @Test func writesFiles() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("picture.png")
    try ImageFile.write(Fixtures.warm, to: path)
    #expect(try ImageFile.read(path) == Fixtures.warm)
    try ImageFile.write(Fixtures.smooth, to: path)
    #expect(try ImageFile.read(path) == Fixtures.smooth)
    #expect(folder.names() == ["picture.png"])
  }

  @Test func refusesAnImpossibleQuality() {
    let error = #expect(throws: ImageError.self) {
      try ImageEncoder.encode(Fixtures.warm, as: .jpeg(quality: 0), path: "here.jpg")
    }
    #expect(error?.description.contains("quality 0") == true)
  }
}
