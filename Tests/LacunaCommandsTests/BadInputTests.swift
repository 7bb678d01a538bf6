import Files
import Images
import TestSupport
import Testing

/// Whatever the world hands in, there is a message with the path, the promised status, and no
/// crash.
@Suite struct BadInputTests {
  private let place: Workplace
  private let broken: [String]

  init() throws {
    place = try Workplace()
    try place.trainNaiveBayes()
    broken = place.folder.names(in: "fixtures/broken")
    #expect(broken.count > 10)
  }

  @Test func brokenFilesAreReportedSkippedAndCounted() throws {
    for name in broken { try place.copy("fixtures/broken/\(name)", to: "images/\(name)") }
    try place.copy("fixtures/digits-holdout/digit0-01.png", to: "images/good.png")
    try place.copy("fixtures/digits-holdout/digit1-01.png", to: "images/good-too.png")
    let runs = [
      ["impute", "images", "--region", "center", "--model", "nb.safetensors", "--output", "out"],
      ["impute", "images", "--region", "center", "--model", "nb.safetensors", "--dry-run"],
      ["train", "images", "--model", "naive-bayes", "--output", "x.safetensors"],
      ["evaluate", "likelihood", "images", "--model", "nb.safetensors"],
    ]
    for run in runs {
      let result = try place.lacuna.run(run)
      #expect(result.status == 2)
      for name in broken {
        #expect(result.errors.contains("lacuna: warning: images/\(name): "))
      }
      #expect(result.errors.contains("\(broken.count) inputs were skipped"))
    }
    #expect(try place.completions("out").map { $0[0] } == ["good-too.png", "good.png"])
  }

  @Test func theFirstBadFileIsFatalWhenStrict() throws {
    try place.copy("fixtures/broken/empty.png", to: "images/a.png")
    try place.copy("fixtures/digits-holdout/digit0-01.png", to: "images/good.png")
    for run in [
      ["impute", "images", "--region", "center", "--model", "nb.safetensors", "--output", "out"],
      ["train", "images", "--model", "naive-bayes", "--output", "x.safetensors"],
    ] {
      let result = try place.lacuna.run(run + ["--strict"])
      #expect(result.status == 1)
      #expect(result.errors.contains("lacuna: error: images/a.png: is empty"))
    }
  }

  @Test func nothingUsableIsAnErrorAndNeverAnEmptySuccess() throws {
    for run in [
      [
        "impute", "fixtures/broken", "--region", "center", "--model", "nb.safetensors",
        "--output", "o",
      ],
      ["train", "fixtures/broken", "--model", "naive-bayes", "--output", "x.safetensors"],
      ["evaluate", "likelihood", "fixtures/broken", "--model", "nb.safetensors"],
    ] {
      let result = try place.lacuna.run(run)
      #expect(result.status == 1)
      #expect(result.errors.contains("lacuna: error: fixtures/broken: no"))
    }
    #expect(!FileSystem.exists(place.path("x.safetensors")))
  }

  @Test func brokenMasksAreReported() throws {
    for name in broken where name.hasSuffix(".png") {
      let result = try place.lacuna.run(
        "impute", "fixtures/digits-holdout", "--masks", "fixtures/broken/\(name)", "--model",
        "nb.safetensors", "--output", "out")
      #expect(result.status == 1)
      #expect(result.errors.contains("lacuna: error: fixtures/broken/\(name): "))
    }
  }

  @Test func aMaskOfAnotherSizeIsSkipped() throws {
    try place.copy("fixtures/digits-holdout/digit0-01.png", to: "images/a.png")
    try place.copy("fixtures/digits-holdout/digit0-02.png", to: "images/b.png")
    try place.folder.write(
      Mask(width: 9, height: 8, allMissing: true).image(), to: "masks/a.png")
    try place.folder.write(Mask(width: 8, height: 8, allMissing: true).image(), to: "masks/b.png")
    let result = try place.lacuna.run(
      "impute", "images", "--masks", "masks", "--model", "nb.safetensors", "--output", "out")
    #expect(result.status == 2)
    #expect(result.errors.contains("images/a.png: is 8 x 8 pixels, but its mask"))
    #expect(result.errors.contains("9 x 8"))
    #expect(try place.completions("out").count == 1)
  }

  @Test func aModelFileCutShortAnywhereIsRefused() throws {
    let whole = try place.bytes("nb.safetensors")
    for part in 0..<20 {
      try place.folder.write(Array(whole.prefix(whole.count * part / 20)), to: "cut.safetensors")
      for run in [
        ["inspect", "cut.safetensors"],
        [
          "impute", "fixtures/digits", "--region", "center", "--model", "cut.safetensors",
          "--output", "o",
        ],
      ] {
        let result = try place.lacuna.run(run)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("lacuna: error: cut.safetensors: "))
      }
    }
  }

  @Test func aReaderWhoLeavesIsNoCrash() throws {
    let result = try place.lacuna.shell(
      "(sleep 0.3; lacuna models --json; echo $? > status) | true; sleep 0.6")
    #expect(result.errors.isEmpty)
    #expect(["1\n", "141\n"].contains(try place.text("status")))
    let watched = try place.lacuna.shell(
      "(sleep 0.3; lacuna impute fixtures/digits-holdout --region center --model nb.safetensors "
        + "--output out 2>&1 >/dev/null; echo $? > status) | true; sleep 0.6")
    #expect(watched.errors.isEmpty)
    #expect(try place.text("status") == "0\n")
  }

  @Test func aFullDiskIsReported() throws {
    guard FileSystem.exists("/dev/full") else { return }
    let listing = try place.lacuna.shell("lacuna models > /dev/full")
    #expect(listing.status == 1)
    #expect(listing.errors.contains("lacuna: error: standard output: cannot write: No space left"))
    let sheet = try place.lacuna.run(
      "impute", "fixtures/digits-holdout", "--region", "center", "--model", "nb.safetensors",
      "--output", "out", "--contact-sheet", "/dev/full")
    #expect(sheet.status == 1)
    #expect(sheet.errors.contains("/dev/full: cannot write: No space left on device; free some"))
  }
}
