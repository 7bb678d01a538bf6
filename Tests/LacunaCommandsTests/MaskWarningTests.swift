import Files
import Images
import TestSupport
import Testing

/// Masks that are hardly meant as they are read are told, once.
@Suite struct MaskWarningTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.trainNaiveBayes()
    for name in place.folder.names(in: "fixtures/digits-holdout").prefix(6) {
      try place.copy("fixtures/digits-holdout/\(name)", to: "img/\(name)")
    }
  }

  /// Masks whose lower half has one level and whose upper half another.
  private func write(_ low: UInt8, _ high: UInt8, to folder: String) throws {
    let pixels = [UInt8](repeating: low, count: 32) + [UInt8](repeating: high, count: 32)
    for name in place.folder.names(in: "img") {
      try place.folder.write(
        Image(width: 8, height: 8, format: .grey, pixels: pixels), to: "\(folder)/\(name)")
    }
  }

  private func impute(_ masks: String, _ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(
      [
        "impute", "img", "--masks", masks, "--model", "nb.safetensors", "--quiet", "--output",
        "out-\(masks)", "--overwrite",
      ] + arguments)
  }

  @Test(arguments: [(0, 1), (0, 38), (200, 255), (1, 2)])
  func twoLevelsAreTakenAsTheyAreMeant(_ low: UInt8, _ high: UInt8) throws {
    try write(0, 255, to: "usual")
    try write(low, high, to: "close")
    let usual = try impute("usual")
    #expect(usual.status == 0 && usual.errors.isEmpty)
    let close = try impute("close")
    #expect(close.status == 0)
    #expect(
      close.errors
        == "lacuna: warning: close/digit0-01.png: has no levels but \(low) and \(high); the higher "
        + "one counts as white, in this mask and in those like it\n")
    for name in place.folder.names(in: "img") {
      #expect(try place.bytes("out-usual/\(name)") == place.bytes("out-close/\(name)"))
    }
    let listed = try place.lacuna.run(
      "impute", "img", "--masks", "close", "--model", "nb.safetensors", "--dry-run")
    #expect(listed.output.contains("50.0%") && listed.errors == close.errors)
    let measured = try place.lacuna.run(
      "evaluate", "imputation", "img", "--masks", "close", "--model", "nb.safetensors",
      "--samples", "2", "--method", "auto,auto", "--quiet")
    #expect(measured.status == 0)
    #expect(measured.errors.split(separator: "\n").count == 1)
  }

  @Test(arguments: [
    (0, 0, "no pixel is missing, and nothing is filled", "--missing black"),
    (77, 77, "no pixel is missing", "--missing black"),
    (255, 255, "every pixel is missing, and nothing is kept", "--missing black"),
    (1, 1, "every pixel is missing", "--missing black"),
  ])
  func whatMarksNothingOrAllIsCounted(
    _ low: UInt8, _ high: UInt8, _ words: String, _ remedy: String
  ) throws {
    try write(low, high, to: "masks")
    let result = try impute("masks")
    #expect(result.status == 0)
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(result.errors.contains("in 6 of 6 images \(words)"))
    #expect(result.errors.contains(remedy))
    let black = try impute("masks", "--missing", "black")
    #expect(black.errors.contains("--missing white"))
  }

  @Test func someOfThem() throws {
    try write(0, 255, to: "masks")
    let names = place.folder.names(in: "masks")
    try place.folder.write(
      Mask(width: 8, height: 8, allMissing: false).image(), to: "masks/\(names[0])")
    try place.folder.write(
      Mask(width: 8, height: 8, allMissing: true).image(), to: "masks/\(names[1])")
    let errors = try impute("masks").errors
    #expect(errors.contains("in 1 of 6 images no pixel is missing"))
    #expect(errors.contains("in 1 of 6 images every pixel is missing"))
  }

  @Test func masksAmongImagesAreToldOnce() throws {
    try write(0, 255, to: "img/masks")
    let result = try place.lacuna.run(
      "impute", "img", "--masks", "img/masks", "--model", "nb.safetensors", "--output", "out",
      "--strict")
    #expect(result.status == 0)
    #expect(result.errors.contains("img: 6 of its files serve as masks and are no images\n"))
    for name in place.folder.names(in: "img/masks") {
      try place.copy("img/masks/\(name)", to: "one/\(FileSystem.withoutExtension(name))_mask.png")
      try place.copy("img/\(name)", to: "one/\(name)")
    }
    let one = try place.lacuna.run(
      "impute", "one", "--masks", "one", "--mask-suffix", "_mask", "--model", "nb.safetensors",
      "--output", "out-one", "--quiet")
    #expect(one.status == 0 && one.errors.isEmpty)
    let measured = try place.lacuna.run(
      "evaluate", "imputation", "one", "--masks", "one", "--mask-suffix", "_mask", "--model",
      "nb.safetensors", "--samples", "2", "--quiet")
    #expect(measured.status == 0)
    #expect(try place.completions("out-one").count == 6)
    let alike = try place.lacuna.run(
      "impute", "one", "--masks", "one", "--model", "nb.safetensors", "--output", "alike")
    #expect(alike.status == 1 && alike.errors.contains("all its 12 images serve as masks"))
  }
}
