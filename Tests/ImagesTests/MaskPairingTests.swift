import Images
import TestSupport
import Testing

@Suite("Masks find their images")
struct MaskPairingTests {
  static let picture = Image(width: 4, height: 2, format: .grey, filledWith: [50])
  static let hole = Mask(
    width: 4, height: 2, missing: [true, false, false, false, false, false, false, true])

  @Test func byPathWithoutExtension() throws {
    let folder = try TemporaryFolder()
    for path in ["in/a/1.png", "in/a/2.png", "in/b/1.jpg"] {
      try folder.write(Self.picture, to: path)
    }
    for path in ["masks/a/1.png", "masks/b/1.png", "masks/c/9.png"] {
      try folder.write(Self.hole.image(), to: path)
    }
    let images = try ImageFolder(path: folder.path("in"))
    let pairing = try MaskPairing(images, with: MaskSource(path: folder.path("masks")))
    #expect(pairing.pairs.map(\.entry.relativePath) == ["a/1.png", "b/1.jpg"])
    #expect(pairing.pairs[1].maskPath == folder.path("masks/b/1.png"))
    #expect(pairing.unusedMasks == [folder.path("masks/c/9.png")])
    #expect(pairing.errors.map(\.image) == [folder.path("in/a/2.png")])
    #expect(
      pairing.errors[0].description
        == "\(folder.path("in/a/2.png")): has no mask; expected \(folder.path("masks/a/2")).png, "
        + ".jpg or .jpeg")
    #expect(try pairing.mask(of: pairing.pairs[0], image: Self.picture) == Self.hole)
  }

  @Test func withASuffix() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.picture, to: "in/1.png")
    try folder.write(Self.hole.image(missing: .black), to: "masks/1-mask.png")
    let pairing = try MaskPairing(
      ImageFolder(path: folder.path("in")),
      with: MaskSource(path: folder.path("masks"), suffix: "-mask"), missing: .black)
    #expect(pairing.errors.isEmpty && pairing.unusedMasks.isEmpty)
    #expect(try pairing.mask(of: pairing.pairs[0], image: Self.picture) == Self.hole)
  }

  @Test func twoMasksForOneImageAreAmbiguous() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.picture, to: "in/1.png")
    for name in ["masks/1.png", "masks/1.jpg"] { try folder.write(Self.hole.image(), to: name) }
    let pairing = try MaskPairing(
      ImageFolder(path: folder.path("in")), with: MaskSource(path: folder.path("masks")))
    #expect(pairing.pairs.isEmpty)
    #expect(pairing.errors.count == 1)
    #expect(pairing.errors[0].description.contains("more than one mask"))
  }

  @Test func oneFileServesAll() throws {
    let folder = try TemporaryFolder()
    for path in ["in/1.png", "in/2.png"] { try folder.write(Self.picture, to: path) }
    let mask = try folder.write(Self.hole.image(), to: "mask.png")
    let pairing = try MaskPairing(ImageFolder(path: folder.path("in")), with: .file(mask))
    #expect(pairing.pairs.count == 2)
    for pair in pairing.pairs {
      #expect(try pairing.mask(of: pair, image: Self.picture) == Self.hole)
    }
    let wide = Image(width: 5, height: 2, format: .grey, filledWith: [0])
    #expect(throws: MaskError.self) { try pairing.mask(of: pairing.pairs[0], image: wide) }
  }

  @Test func alphaAndRegionsNeedNoFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.picture, to: "in/1.png")
    let images = try ImageFolder(path: folder.path("in"))
    let alpha = try MaskPairing(images, with: .alpha)
    let cut = Image(width: 1, height: 2, format: .greyAlpha, pixels: [1, 0, 1, 255])
    #expect(try alpha.mask(of: alpha.pairs[0], image: cut).missing == [true, false])
    #expect(throws: MaskError.self) { try alpha.mask(of: alpha.pairs[0], image: Self.picture) }
    let region = try MaskPairing(images, with: .region(.topHalf))
    #expect(try region.mask(of: region.pairs[0], image: Self.picture).missingCount == 4)
    let outside = try MaskPairing(images, with: .region(Region(parsing: "0,0,9,9")))
    let error = #expect(throws: MaskError.self) {
      try outside.mask(of: outside.pairs[0], image: Self.picture)
    }
    #expect(error?.description.contains("4 x 2 pixels") == true)
  }

  @Test func missingMasksDirectoryIsNamed() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: ImageFolderError.self) {
      try MaskSource(path: folder.path("none"))
    }
    #expect(error?.path == folder.path("none"))
  }
}
