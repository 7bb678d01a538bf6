import Images
import Testing

@Suite("PNG files of every kind decode to their exact pixels")
struct PNGDecodingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bitDepth: Int
    let image: Image
    var testDescription: String { name }

    init(_ name: String, _ bitDepth: Int, _ image: Image) {
      self.name = name
      self.bitDepth = bitDepth
      self.image = image
    }
  }

  static let ramp = Fixtures.image(.grey) { x, y in [Fixtures.ramp(x, y)] }
  static let colour = Fixtures.image(.rgb, Fixtures.colour)
  static let bits = Fixtures.image(.grey) { x, y in [(x + y) % 2 * 255] }
  static let grey16 = Fixtures.image(.grey) { x, y in
    let sample = (x * 2621 + y * 1009) % 65_536
    return [(sample * 255 + 32_767) / 65_535]
  }
  static let greyAlpha = Fixtures.image(.greyAlpha) { x, y in
    [Fixtures.ramp(x, y), Fixtures.alpha(x)]
  }
  static let palette = Fixtures.image(.rgb) { x, y in Fixtures.palette[(x + y) % 4] }

  static let far = Fixtures.image(.rgb) { x, y in
    let level = x * x * 31 + y % 8 * 59 + y % 8 * (y % 8) * x * 17
    return [level, level + 101, level + 202]
  }

  static let cases = [
    Case("faulty-notes", 8, colour),
    Case("wrong-sum", 8, colour),
    Case("without-end", 8, colour),
    Case("small-window", 8, far),
    Case("orientation-chunk", 8, colour),
    Case("orientation-profile", 8, colour),
    Case("grey-1-bit", 1, bits),
    Case("grey-1-bit-interlaced", 1, bits),
    Case("grey-2-bit", 2, Fixtures.image(.grey) { x, y in [(x + y) % 4 * 85] }),
    Case("grey-4-bit", 4, Fixtures.image(.grey) { x, y in [(x + y) % 16 * 17] }),
    Case("grey-8-bit", 8, ramp),
    Case("grey-16-bit", 16, grey16),
    Case("grey-interlaced", 8, ramp),
    Case(
      "grey-transparent-level", 8,
      Fixtures.image(.greyAlpha) { x, y in
        let level = Fixtures.ramp(x, y)
        return [level, level == Fixtures.ramp(3, 2) ? 0 : 255]
      }),
    Case("grey-alpha", 8, greyAlpha),
    Case("grey-alpha-16-bit", 16, greyAlpha),
    Case("rgb", 8, colour),
    Case("rgb-16-bit", 16, colour),
    Case("rgb-interlaced", 8, colour),
    Case(
      "rgb-transparent-colour", 8,
      Fixtures.image(.rgba) { x, y in
        let colour = Fixtures.colour(x, y)
        return colour + [colour == Fixtures.colour(3, 2) ? 0 : 255]
      }),
    Case("rgba", 8, Fixtures.image(.rgba) { x, y in Fixtures.colour(x, y) + [Fixtures.alpha(x)] }),
    Case("palette-1-bit", 1, bits),
    Case("palette-2-bit", 2, palette),
    Case("palette-8-bit", 8, palette),
    Case("palette-interlaced", 4, palette),
    Case(
      "palette-transparent", 2,
      Fixtures.image(.rgba) { x, y in
        Fixtures.palette[(x + y) % 4] + [[0, 128, 255, 255][(x + y) % 4]]
      }),
  ]

  @Test(arguments: cases)
  func decodes(_ one: Case) throws {
    let path = Fixtures.path("odd/\(one.name).png")
    let image = try ImageFile.read(path)
    #expect(image.format == one.image.format)
    #expect(image.bitDepth == one.bitDepth)
    #expect(image == one.image)
    let information = try ImageFile.information(path)
    #expect(information.fileFormat == .png)
    #expect(information.width == Fixtures.width && information.height == Fixtures.height)
    #expect(information.format == image.format && information.bitDepth == one.bitDepth)
    #expect(information.hasPalette == one.name.hasPrefix("palette"))
  }

  @Test func everyFixtureHasACase() throws {
    let folder = try ImageFolder(path: Fixtures.path("odd"))
    let names = folder.entries.map(\.relativePath).filter { $0.hasSuffix(".png") }
    #expect(names == Self.cases.map { $0.name + ".png" }.sorted())
  }

  @Test func decodesOnManyThreadsAtOnce() async throws {
    let path = Fixtures.path("odd/rgb-interlaced.png")
    try await withThrowingTaskGroup(of: Image.self) { group in
      for _ in 0..<64 { group.addTask { try ImageFile.read(path) } }
      for try await image in group { #expect(image == Self.colour) }
    }
  }
}
