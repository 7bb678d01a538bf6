import Images
import TestSupport
import Testing

/// `lacuna evaluate augmentation` at the command line.
@Suite struct EvaluateAugmentationTests {
  private func run(_ place: Workplace, _ more: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(
      [
        "evaluate", "augmentation", "fixtures/digits", "fixtures/digits", "--seeds", "2",
        "--steps", "10", "--batch", "20", "--labels-per-class", "3",
      ] + more)
  }

  @Test func everyMixIsReported() throws {
    let place = try Workplace()
    let result = try run(place, "--generated", "fixtures/digits", "--plot", "bars.png")
    #expect(result.status == 0, "\(result.errors)")
    for title in [
      "real alone", "real + generated", "generated alone", "real + transforms", "real + both",
      "real + both less real + transforms",
    ] {
      #expect(result.output.contains("\n\(title) "), "\(title)")
    }
    let bars = try ImageFile.read(place.path("bars.png"))
    #expect(bars.width == 900 && bars.height == 540)
    #expect(Set(bars.pixels).count > 10)
    let json = try run(place, "--generated", "fixtures/digits", "--json").output
    #expect(
      try run(place, "--generated", "fixtures/digits", "--json", "--threads", "1").output == json)
    for name in ["real_and_generated", "real_and_both", "recall", "standard_error", "spread"] {
      #expect(json.contains("\"\(name)\""), "\(name)")
    }
  }

  @Test func transformsAndTheShareCount() throws {
    let place = try Workplace()
    let plain = try run(place, "--generated", "fixtures/digits").output
    let strong = try run(place, "--generated", "fixtures/digits", "--transforms", "strong").output
    #expect(strong != plain)
    let share = try run(place, "--generated", "fixtures/digits", "--generated-share", "0.9").output
    #expect(share != plain && share.contains("90.0 % of a mixed batch"))
  }

  @Test func whatDoesNotGoTogetherIsNamed() throws {
    let place = try Workplace()
    let digit = try place.bytes("fixtures/digits/0/digit0-001.png")
    try place.folder.write(digit, to: "foreign/ten/a.png")
    try place.copy("fixtures/odd/grey-8-bit.png", to: "large/0/a.png")
    try place.folder.write(digit, to: "loose/a.png")
    let foreign = try run(place, "--generated", "foreign")
    #expect(foreign.status == 1 && foreign.errors.contains("'ten' is no class of fixtures/digits"))
    let large = try run(place, "--generated", "large")
    #expect(large.status == 1 && large.errors.contains("those of fixtures/digits 8x8; --size"))
    let loose = try run(place, "--generated", "loose")
    #expect(loose.status == 1 && loose.errors.contains("no generated image in a class folder"))
    let unlabelled = try place.lacuna.run(
      "evaluate", "augmentation", "fixtures/digits", "fixtures/digits-holdout", "--generated",
      "fixtures/digits")
    #expect(unlabelled.status == 1 && unlabelled.errors.contains("no image has a label"))
    let scaled = try run(place, "--generated", "large", "--size", "8x8")
    #expect(scaled.status == 0 && scaled.errors.contains("no classifier is trained on generated"))
  }
}
