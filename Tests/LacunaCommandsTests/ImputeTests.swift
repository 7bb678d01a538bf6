import Files
import Images
import Tasks
import TestSupport
import Testing

@Suite struct ImputeTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.trainNaiveBayes()
  }

  private func impute(_ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(["impute"] + arguments + ["--model", "nb.safetensors"])
  }

  @Test func everyImageGetsItsCompletions() throws {
    let result = try impute(
      "fixtures/digits-holdout", "--masks", "fixtures/masks", "--samples", "3", "--output", "out",
      "--contact-sheet", "sheet.png", "--mean")
    #expect(result.status == 0)
    #expect(result.output.contains("completions  60 (60 exact, 0 approximate)"))
    #expect(place.folder.names(in: "out").count == 60 + 20 + 2)
    let rows = try place.completions("out")
    #expect(rows.map { $0[0] } == rows.map { $0[0] }.sorted())
    #expect(rows.prefix(3).map { $0[1] } == (1...3).map { "digit0-01.\($0).png" })
    #expect(rows.prefix(3).map { $0[2] } == ["1", "2", "3"])
    #expect(rows.allSatisfy { $0[5...] == ["exact", "closed-form", ""] })
    let digest = SHA256.hexadecimal(of: try place.bytes("nb.safetensors"))
    #expect(try place.text("out/run.json").contains("\"sha256\": \"\(digest)\""))
    let sheet = try ImageFile.read(place.path("sheet.png"))
    #expect(sheet.width > 500 && sheet.height > 500)
  }

  @Test func knownPixelsStayAsTheyAreAndHolesAreFilled() throws {
    #expect(
      try impute("fixtures/digits-holdout", "--masks", "fixtures/masks", "--output", "out").status
        == 0)
    var changed = 0
    for row in try place.completions("out") {
      let before = try ImageFile.read(place.path("fixtures/digits-holdout/\(row[0])"))
      let after = try ImageFile.read(place.path("out/\(row[1])"))
      let mask = Mask(try ImageFile.read(place.path("fixtures/masks/\(row[0])")))
      #expect("\(mask.missingCount)" == row[3])
      #expect(after.format == before.format)
      for (place, isMissing) in mask.missing.enumerated() {
        if isMissing {
          changed += before.pixels[place] == after.pixels[place] ? 0 : 1
        } else {
          #expect(before.pixels[place] == after.pixels[place])
        }
      }
    }
    #expect(changed > 50)
  }

  @Test func outputsDependNeitherOnCompanyNorOnBatchesNorOnThreads() throws {
    #expect(
      try impute(
        "fixtures/digits-holdout", "--masks", "fixtures/masks", "--samples", "2", "--output", "a"
      ).status == 0)
    #expect(
      try impute(
        "fixtures/digits-holdout", "--masks", "fixtures/masks", "--samples", "2", "--output", "b",
        "--batch", "3", "--threads", "1"
      ).status == 0)
    #expect(
      try impute(
        "fixtures/digits-holdout/digit5-01.png", "--masks", "fixtures/masks", "--samples", "2",
        "--output", "c"
      ).status == 0)
    var (first, second) = (try place.files(below: "a"), try place.files(below: "b"))
    // The command itself stands in run.json.
    first["run.json"] = nil
    second["run.json"] = nil
    #expect(first == second)
    let alone = try place.files(below: "c")
    for name in ["digit5-01.1.png", "digit5-01.2.png"] { #expect(alone[name] == first[name]) }
    #expect(first["digit5-01.1.png"] != first["digit5-01.2.png"])
    let other = try impute(
      "fixtures/digits-holdout", "--masks", "fixtures/masks", "--output", "d", "--seed", "1")
    #expect(other.status == 0)
    #expect(try place.bytes("d/digit5-01.png") != first["digit5-01.1.png"])
  }

  @Test func imagesWithoutAHoleAreCopied() throws {
    let none = Mask(width: 8, height: 8, allMissing: false).image()
    try place.folder.write(none, to: "none.png")
    let result = try impute(
      "fixtures/digits-holdout", "--masks", "none.png", "--output", "out", "--samples", "2")
    #expect(result.status == 0)
    let rows = try place.completions("out")
    #expect(rows.count == 40)
    #expect(rows.allSatisfy { $0[3...] == ["0", "0.000000", "exact", "none", ""] })
    #expect(
      try place.bytes("out/digit3-02.2.png") == place.bytes("fixtures/digits-holdout/digit3-02.png")
    )
  }

  @Test func imagesWithoutAKnownPixelAreDrawn() throws {
    let all = Mask(width: 8, height: 8, allMissing: true).image()
    try place.folder.write(all, to: "all.png")
    let result = try impute("fixtures/digits-holdout", "--masks", "all.png", "--output", "out")
    #expect(result.status == 0)
    #expect(try place.completions("out").allSatisfy { $0[3] == "64" && $0[5] == "exact" })
  }

  @Test func foldersAreClasses() throws {
    try place.copy("fixtures/digits-holdout/digit7-01.png", to: "named/7/a.png")
    try place.copy("fixtures/digits-holdout/digit7-01.png", to: "named/other/a.png")
    let result = try impute("named", "--region", "bottom-half", "--output", "out")
    #expect(result.status == 0)
    #expect(result.errors.contains("1 of 2 images have no folder named by a class"))
    let labelled = try impute("named", "--region", "0,0,3,3", "--output", "l", "--label", "7")
    #expect(labelled.status == 0)
    #expect(labelled.errors.isEmpty)
    #expect(FileSystem.exists(place.path("l/other/a.png")))
  }

  @Test func dryRunListsAndWarnsOfReversedMasks() throws {
    let result = try impute(
      "fixtures/digits-holdout", "--masks", "fixtures/masks", "--dry-run")
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    #expect(result.output.split(separator: "\n").count == 21)
    #expect(result.output.contains("50.0%    fixtures/digits-holdout/digit0-01.png"))
    let centre = Mask(width: 8, height: 8, allMissing: false)
    try place.folder.write(centre.image(), to: "none.png")
    let reversed = try impute(
      "fixtures/digits-holdout", "--masks", "none.png", "--missing", "black", "--dry-run")
    #expect(reversed.errors.contains("if the masks are reversed, give --missing white"))
    #expect(place.folder.names() == ["fixtures", "nb.safetensors", "none.png"])
  }

  @Test func overwritingRemovesWhatTheEarlierRunListed() throws {
    let arguments = ["fixtures/digits-holdout", "--region", "center", "--output", "out"]
    let base = ["impute"] + arguments + ["--model", "nb.safetensors"]
    #expect(try place.lacuna.run(base + ["--samples", "2"]).status == 0)
    try place.folder.write("mine", to: "out/notes.txt")
    #expect(try place.lacuna.run(base).status == 1)
    #expect(try place.lacuna.run(base + ["--overwrite"]).status == 0)
    let names = place.folder.names(in: "out")
    #expect(names.count == 20 + 3)
    #expect(names.contains("notes.txt"))
    #expect(!names.contains("digit0-01.1.png"))
  }

  @Test func imagesWhoseOutputsWouldBeOneAreNotMixedUp() throws {
    try place.copy("fixtures/digits-holdout/digit0-01.png", to: "images/a/1.png")
    try place.copy("fixtures/digits-holdout/digit0-02.png", to: "images/a/1.jpeg")
    try place.copy("fixtures/digits-holdout/digit1-02.png", to: "images/b/1.png")
    let result = try impute("images", "--region", "left-half", "--output", "out")
    #expect(result.status == 2)
    #expect(
      result.errors.contains(
        "images/a/1.png: its output a/1.png is already that of a/1.jpeg; rename one of them"))
    #expect(try place.completions("out").map { $0[1] } == ["a/1.png", "b/1.png"])
    #expect(FileSystem.exists(place.path("out/b/1.png")))
  }

  @Test func temperaturesAreNotCalledExact() throws {
    let result = try impute(
      "fixtures/digits-holdout", "--region", "center", "--output", "out", "--temperature", "0.5")
    #expect(result.status == 0)
    #expect(try place.completions("out").allSatisfy { $0[5] == "approximate" })
  }
}
