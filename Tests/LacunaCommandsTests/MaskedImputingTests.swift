import Files
import Images
import TestSupport
import Testing

/// Where the holes of `impute` come from.
@Suite struct MaskedImputingTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.trainNaiveBayes()
    let digit = try ImageFile.read(place.path("fixtures/digits-holdout/digit3-01.png"))
    try place.folder.write(
      ImageEncoder.encode(digit, as: .jpeg(quality: 90)), to: "images/a/one.jpg")
    try place.folder.write(digit, to: "images/b/one.png")
  }

  private func impute(_ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(["impute", "images", "--model", "nb.safetensors"] + arguments)
  }

  private func mask(_ rectangle: Rectangle) throws -> Mask {
    try Mask(width: 8, height: 8, region: .rectangle(rectangle))
  }

  /// The share of each image's pixels that has changed, and whether all of these lie in a mask.
  private func stays(_ image: String, _ output: String, outside mask: Mask) throws -> Bool {
    let before = try ImageFile.read(place.path("images/\(image)"))
    let after = try ImageFile.read(place.path(output))
    return mask.missing.indices.allSatisfy {
      mask.missing[$0] || before.pixels[$0] == after.pixels[$0]
    }
  }

  @Test func masksPairByFolderAndNameWithASuffix() throws {
    let (first, second) = (
      try mask(Rectangle(x: 0, y: 0, width: 3, height: 2)),
      try mask(Rectangle(x: 4, y: 4, width: 4, height: 4))
    )
    try place.folder.write(first.image(missing: .black), to: "masks/a/one-hole.png")
    try place.folder.write(
      ImageEncoder.encode(second.image(missing: .black), as: .jpeg(quality: 100)),
      to: "masks/b/one-hole.jpeg")
    try place.folder.write(second.image(), to: "masks/b/two-hole.png")
    let arguments = ["--masks", "masks", "--mask-suffix", "-hole", "--missing", "black"]
    let listed = try place.lacuna.run(
      ["impute", "images", "--model", "nb.safetensors", "--dry-run"] + arguments)
    #expect(listed.status == 0)
    #expect(listed.output.contains("9.4%     images/a/one.jpg"))
    #expect(listed.output.contains("25.0%    images/b/one.png"))
    #expect(!FileSystem.exists(place.path("out")))
    let result = try place.lacuna.run(
      ["impute", "images", "--model", "nb.safetensors", "--output", "out"] + arguments)
    #expect(result.status == 0)
    #expect(result.errors.contains("masks/b/two-hole.png: is the mask of no image"))
    #expect(try place.completions("out").map { $0[3] } == ["6", "16"])
    #expect(try stays("a/one.jpg", "out/a/one.png", outside: first))
    #expect(try stays("b/one.png", "out/b/one.png", outside: second))
  }

  @Test func imagesWithoutAMaskAreSkipped() throws {
    try place.folder.write(
      try mask(Rectangle(x: 0, y: 0, width: 3, height: 2)).image(), to: "masks/a/one.png")
    let result = try impute("--masks", "masks", "--output", "out")
    #expect(result.status == 2)
    #expect(result.errors.contains("images/b/one.png: has no mask; expected masks/b/one.png"))
    #expect(try place.completions("out").map { $0[0] } == ["a/one.jpg"])
    #expect(try impute("--masks", "masks", "--output", "strict", "--strict").status == 1)
  }

  @Test func oneMaskServesAllAndSoDoesABlock() throws {
    let block = Rectangle(x: 2, y: 1, width: 4, height: 3)
    try place.folder.write(try mask(block).image(), to: "mask.png")
    #expect(try impute("--masks", "mask.png", "--output", "one").status == 0)
    #expect(try impute("--region", "2,1,4,3", "--output", "block").status == 0)
    for name in ["a/one.png", "b/one.png"] {
      #expect(try place.bytes("one/\(name)") == place.bytes("block/\(name)"))
    }
    #expect(try stays("a/one.jpg", "one/a/one.png", outside: mask(block)))
  }
}
