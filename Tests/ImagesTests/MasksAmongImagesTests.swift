import Files
import Images
import TestSupport
import Testing

@Suite("Files that serve as masks are no images")
struct MasksAmongImagesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ names: String...) throws {
    for name in names { try folder.write(MaskPairingTests.picture, to: name) }
  }

  private func pairing(
    _ images: String, _ masks: String, _ suffix: String = ""
  ) throws -> MaskPairing {
    try MaskPairing(
      ImageFolder(path: folder.path(images)),
      with: MaskSource(path: folder.path(masks), suffix: suffix))
  }

  /// Images that are paired, masks without an image, and the number of masks among the images.
  private func check(
    _ pairing: MaskPairing, _ images: [String], unused: [String] = [], among: Int
  ) {
    #expect(pairing.pairs.map(\.entry.relativePath) == images)
    #expect(pairing.errors.isEmpty)
    #expect(pairing.unusedMasks == unused.map(folder.path))
    #expect(pairing.masksAmongImages == among)
  }

  @Test(arguments: ["one", "one/", "./one", "link", "one/../one"])
  func inOneFolderASuffixTellsThemApart(_ again: String) throws {
    try write("one/1.png", "one/1_mask.png", "one/cat/2.jpg", "one/cat/2_mask.png")
    try folder.link("link", to: folder.path("one"))
    check(try pairing("one", again, "_mask"), ["1.png", "cat/2.jpg"], among: 2)
  }

  @Test func aMaskWithoutAnImageIsOneStill() throws {
    try write("one/1.png", "one/1_m.png", "one/3_m.png", "one/4_m.png", "one/4_m_m.png")
    let found = try pairing("one", "one", "_m")
    #expect(found.pairs.map(\.entry.relativePath) == ["1.png", "4_m.png"])
    #expect(found.unusedMasks == [folder.path("one/3_m.png")])
    #expect(found.masksAmongImages == 3)
  }

  @Test func masksBelowTheImages() throws {
    try write(
      "img/1.png", "img/a/2.png", "img/masks/1.png", "img/masks/a/2.png", "img/masks/old.png")
    check(
      try pairing("img", "img/masks"), ["1.png", "a/2.png"], unused: ["img/masks/old.png"],
      among: 3)
  }

  @Test func imagesBelowTheMasks() throws {
    try write("all/img/1.png", "all/img/a/2.png", "all/1.png", "all/a/2.png")
    check(try pairing("all/img", "all"), ["1.png", "a/2.png"], among: 0)
  }

  @Test func throughLinks() throws {
    try write("img/1.png", "masks/1.png")
    try folder.link("img/masks", to: folder.path("masks"))
    check(try pairing("img", "masks"), ["1.png"], among: 1)
    try write("flat/1.png")
    try folder.link("flat/1_mask.png", to: folder.path("masks/1.png"))
    check(try pairing("flat", "masks"), ["1.png"], among: 1)
    check(try pairing("flat", "flat", "_mask"), ["1.png"], among: 1)
    // Equal contents that are kept once are two files.
    try folder.write(MaskPairingTests.picture, to: "store/key")
    for name in ["own/1.png", "marks/1.png"] {
      try folder.link(name, to: folder.path("store/key"))
    }
    check(try pairing("own", "marks"), ["1.png"], among: 0)
  }

  @Test func oneMaskForAll() throws {
    try write("img/1.png", "img/mask.png")
    check(try pairing("img", "img/mask.png"), ["1.png"], among: 1)
  }

  @Test(arguments: [("one", "one"), ("one/1.png", "one/1.png"), ("one/1.png", "one")])
  func whereNothingButMasksIsLeftThatIsSaid(_ images: String, _ masks: String) throws {
    try write("one/1.png", "one/2.png")
    #expect {
      _ = try pairing(images, masks)
    } throws: {
      "\($0)".contains("as masks") && "\($0)".contains("--mask-suffix")
    }
  }
}
