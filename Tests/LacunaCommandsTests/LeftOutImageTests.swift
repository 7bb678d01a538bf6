import Files
import Images
import TestSupport
import Testing
import Training

/// Images that are not read, and classes that are left without any.
@Suite struct LeftOutImageTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func digits(_ label: Int, _ count: Int, to path: (Int) -> String) throws {
    for number in 1...count {
      try place.copy("fixtures/digits/\(label)/digit\(label)-00\(number).png", to: path(number))
    }
  }

  private func train(_ folder: String, _ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(
      ["train", folder, "--model", "mixture", "--levels", "17", "--output", "m.st", "--overwrite"]
        + arguments)
  }

  private func classes() throws -> [String] {
    try ModelFile(contentsOf: place.path("m.st")).classes
  }

  @Test func otherEndingsOfJPEGAreRead() throws {
    try digits(0, 4) { "set/zero/\($0).png" }
    for ending in ["jfif", "JFIF", "jpe", "pjpeg", "pjp", "PJP"] {
      let image = try ImageFile.read(place.path("fixtures/digits/1/digit1-001.png"))
      try place.folder.write(
        ImageEncoder.encode(image, as: .jpeg(quality: 95)), to: "set/one/\(ending).\(ending)")
    }
    let result = try train("set")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try classes() == ["one", "zero"])
  }

  @Test func imagesOfOtherKindsAreNamedByTheirEndings() throws {
    try digits(0, 4) { "set/zero/\($0).png" }
    try digits(1, 3) { "set/one/\($0).webp" }
    try digits(2, 2) { "set/zero/\($0).GIF" }
    let remark =
      "lacuna: warning: set: 3 files ending in .webp and 2 ending in .gif are no PNG or JPEG and are "
      + "left out; convert them; the folder 'one' has no other image and is no class\n"
    let result = try train("set")
    #expect(result.status == 2 && result.errors.contains(remark), "\(result.errors)")
    #expect(try classes() == ["zero"])
    for run in [
      ["augment", "set", "--model", "m.st", "--per-class", "1", "--output", "a"],
      ["impute", "set", "--region", "center", "--model", "m.st", "--output", "i"],
      ["evaluate", "likelihood", "set", "--model", "m.st"],
    ] {
      let result = try place.lacuna.run(run)
      #expect(result.status == 2 && result.errors.contains(remark), "\(result.errors)")
    }
    let strict = try train("set", "--strict")
    #expect(strict.status == 1 && strict.errors.hasPrefix("lacuna: error: set: 3 files ending in"))
    let alone = try train("set/one")
    #expect(alone.status == 1)
    #expect(alone.errors.contains("set/one: no images; 3 files ending in .webp are no PNG or JPEG"))
  }

  @Test func aClassWithoutAReadableImageIsNoClass() throws {
    try digits(0, 5) { "set/a/\($0).png" }
    try digits(1, 5) { "set/c/\($0).png" }
    try place.folder.write("", to: "set/b/1.png")
    try place.folder.write("no image", to: "set/b/2.jpg")
    let remark = "lacuna: warning: set: no image of the class 'b' can be read; it is left out\n"
    let result = try train("set")
    #expect(result.status == 2 && result.errors.contains(remark), "\(result.errors)")
    #expect(result.errors.contains("2 inputs were skipped"))
    #expect(try classes() == ["a", "c"])
    let drawn = try place.lacuna.run(
      "augment", "set", "--model", "m.st", "--per-class", "2", "--allow-copies", "--output", "o")
    #expect(drawn.status == 2 && drawn.errors.contains(remark))
    #expect(place.folder.names(in: "o") == ["a", "c", "manifest.csv", "run.json"])
    let chosen = try place.lacuna.run(
      "augment", "set", "--model", "m.st", "--per-class", "2", "--classes", "b", "--output", "p")
    #expect(chosen.status == 1 && chosen.errors.contains("--classes b: set has no such class"))
    try place.folder.write(
      "filename,label\na/1,x\na/2,x\nb/1,lost\nc/1,y\nc/2,y\n", to: "labels.csv")
    let table = try train("set", "--labels", "labels.csv")
    #expect(table.errors.contains("no image of the class 'lost' can be read; it is left out"))
    #expect(try classes() == ["x", "y"])
  }
}
