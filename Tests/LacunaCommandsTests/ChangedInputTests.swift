import Files
import Images
import TestSupport
import Testing

/// A resumed run never calls done what was made from other contents.
@Suite struct ChangedInputTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.trainNaiveBayes()
    for name in place.folder.names(in: "fixtures/digits-holdout") {
      try place.copy("fixtures/digits-holdout/\(name)", to: "img/\(name)")
      try place.folder.write(
        Mask(width: 8, height: 8, region: .topHalf).image(), to: "masks/\(name)")
    }
  }

  private func impute(
    _ output: String, _ arguments: String..., masks: String = "masks"
  ) throws -> CommandRunner.Result {
    try place.lacuna.run(
      [
        "impute", "img", "--masks", masks, "--model", "nb.safetensors", "--samples", "2", "--mean",
        "--output", output,
      ] + arguments)
  }

  /// Whether a directory holds what a fresh run writes.
  private func isFresh(_ output: String, masks: String = "masks") throws -> Bool {
    _ = try impute("fresh", "--overwrite", masks: masks)
    var (fresh, own) = (try place.files(below: "fresh"), try place.files(below: output))
    // The name of the output stands in run.json.
    fresh["run.json"] = nil
    own["run.json"] = nil
    return fresh == own
  }

  @Test(arguments: ["img/digit0-01.png", "masks/digit9-02.png", "img/digit4-01.png"])
  func whatHasChangedIsDoneAnew(_ changed: String) throws {
    #expect(try impute("out").status == 0)
    try place.folder.write(
      Image(width: 8, height: 8, format: .grey, filledWith: [200]), to: changed)
    let resumed = try impute("out", "--resume")
    #expect(resumed.status == 0)
    #expect(resumed.output.contains("done before  19 images"))
    #expect(resumed.output.contains("done anew    1 images"))
    #expect(try isFresh("out"))
    // And once it is, it is done.
    #expect(try impute("out", "--resume").output.contains("done before  20 images"))
  }

  @Test func contentsCountAndNotTimes() throws {
    #expect(try impute("out").status == 0)
    _ = try place.lacuna.shell("touch img/*; touch -d 2001-01-01 masks/*")
    #expect(try impute("out", "--resume").output.contains("done before  20 images"))
    let line = "cp fixtures/digits-holdout/digit3-01.png img/digit0-01.png"
    _ = try place.lacuna.shell("\(line); touch -r img/digit1-01.png img/digit0-01.png")
    #expect(try impute("out", "--resume").output.contains("done before  19 images"))
    #expect(try isFresh("out"))
  }

  @Test func theOneMaskForAll() throws {
    try place.copy("masks/digit0-01.png", to: "mask.png")
    #expect(try impute("out", masks: "mask.png").status == 0)
    try place.folder.write(
      Mask(width: 8, height: 8, region: .center).image(), to: "mask.png")
    let resumed = try impute("out", "--resume", masks: "mask.png")
    #expect(resumed.output.contains("done anew    20 images"))
    #expect(try isFresh("out", masks: "mask.png"))
  }

  @Test func anImageThatIsBrokenNowIsSkipped() throws {
    #expect(try impute("out").status == 0)
    try place.folder.write("", to: "img/digit0-01.png")
    let resumed = try impute("out", "--resume")
    #expect(resumed.status == 2)
    #expect(try place.completions("out").count == 38)
  }

  @Test func anotherModelIsRefusedByName() throws {
    #expect(try impute("out").status == 0)
    _ = try place.lacuna.run(
      "train", "img", "--model", "naive-bayes", "--output", "nb.safetensors", "--overwrite")
    let refused = try impute("out", "--resume")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("out: was made with another model; "))
  }

  @Test func aRunThatWasKilledKnowsContentsToo() throws {
    let command = try place.lacuna.start([
      "impute", "img", "--masks", "masks", "--model", "nb.safetensors", "--samples", "2", "--mean",
      "--output", "out", "--batch", "1",
    ])
    let journal = place.path("out/.lacuna-journal.csv")
    _ = place.wait { (try? FileSystem.readBytes(journal).count) ?? 0 > 1000 }
    command.send(9)
    _ = try command.wait()
    try place.copy("img/digit9-01.png", to: "img/digit0-01.png")
    try place.copy("masks/digit9-01.png", to: "masks/digit0-02.png")
    try place.folder.write(
      Mask(width: 8, height: 8, region: .center).image(), to: "masks/digit0-02.png")
    // Whether it was killed or had ended.
    #expect(try impute("out", "--resume").status == 0)
    #expect(try isFresh("out"))
  }

  @Test func otherCommands() throws {
    for name in place.folder.names(in: "fixtures/digits/1") {
      try place.copy("fixtures/digits/1/\(name)", to: "set/1/\(name)")
      try place.copy(
        "fixtures/digits/2/\(name.replacing("digit1", with: "digit2"))", to: "set/2/\(name)")
    }
    let changed = try #require(place.folder.names(in: "set/2").dropFirst(20).first)
    try place.trainAutoencoder()
    let lines = [
      "train set --model mixture --levels 17 --output m.safetensors --quiet",
      "augment set --model m.safetensors --per-class 2 --output more --quiet",
      "embed set --model encoder.safetensors --output t.csv --quiet",
    ].map { $0.split(separator: " ").map(String.init) }
    for line in lines { #expect(try place.lacuna.run(line).status == 0) }
    for line in lines { #expect(try place.lacuna.run(line + ["--resume"]).status == 0) }
    try place.copy("fixtures/digits-holdout/digit7-01.png", to: "set/2/\(changed)")
    for (line, reason) in zip(lines, ["trained on other images", "other images", "other images"]) {
      let refused = try place.lacuna.run(line + ["--resume"])
      #expect(refused.status == 1 && refused.errors.contains(reason), "\(refused.errors)")
    }
  }
}
