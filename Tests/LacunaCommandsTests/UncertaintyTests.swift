import Images
import Platform
import TestSupport
import Testing

/// The picture of each pixel's entropy over the completions.
@Suite struct UncertaintyTests {
  private let place: Workplace
  private let base = [
    "impute", "fixtures/digits-holdout", "--model", "nb.safetensors", "--output", "out",
  ]

  init() throws {
    place = try Workplace()
    try place.trainNaiveBayes()
  }

  /// 255 H / log 16 over sixteen bins of grey, computed from the outputs themselves.
  @Test func itIsTheEntropyOfTheOutputs() throws {
    let result = try place.lacuna.run(
      base + ["--masks", "fixtures/masks", "--samples", "6", "--uncertainty"])
    #expect(result.status == 0)
    var brightest: UInt8 = 0
    for name in ["digit2-01", "digit7-02"] {
      let picture = try ImageFile.read(place.path("out/\(name).uncertainty.png"))
      #expect(picture.format == .grey && picture.width == 8)
      let mask = Mask(try ImageFile.read(place.path("fixtures/masks/\(name).png")))
      let outputs = try (1...6).map { try ImageFile.read(place.path("out/\(name).\($0).png")) }
      for (pixel, isMissing) in mask.missing.enumerated() {
        guard isMissing else {
          #expect(picture.pixels[pixel] == 0)
          continue
        }
        let counts = Dictionary(grouping: outputs) { $0.pixels[pixel] / 16 }.values.map(\.count)
        let entropy = counts.reduce(0) { $0 - Double($1) / 6 * log(Double($1) / 6) }
        #expect(picture.pixels[pixel] == UInt8((255 * entropy / log(16)).rounded()))
        brightest = max(brightest, picture.pixels[pixel])
      }
    }
    #expect(brightest > 60)
  }

  @Test func imagesWithoutAHoleAreSure() throws {
    try place.folder.write(
      Mask(width: 8, height: 8, allMissing: false).image(), to: "none.png")
    let result = try place.lacuna.run(
      base + ["--masks", "none.png", "--samples", "2", "--uncertainty"])
    #expect(result.status == 0)
    let picture = try ImageFile.read(place.path("out/digit2-01.uncertainty.png"))
    #expect(picture.pixels.allSatisfy { $0 == 0 })
  }

  @Test func oneCompletionTellsNothing() throws {
    let result = try place.lacuna.run(base + ["--region", "center", "--uncertainty"])
    #expect(result.status == 64)
    #expect(result.errors.contains("--uncertainty compares completions: give --samples 2 or more"))
  }

  @Test func overwritingRemovesMeansAndUncertaintiesToo() throws {
    let arguments = base + ["--region", "center"]
    #expect(
      try place.lacuna.run(arguments + ["--samples", "2", "--mean", "--uncertainty"]).status == 0)
    #expect(place.folder.names(in: "out").count == 20 * 4 + 2)
    #expect(try place.lacuna.run(arguments + ["--overwrite"]).status == 0)
    #expect(place.folder.names(in: "out").count == 20 + 2)
  }

  @Test func jpegOutputsHaveAPictureThatIsExact() throws {
    let result = try place.lacuna.run(
      base + [
        "--region", "center", "--samples", "2", "--mean", "--uncertainty", "--format", "jpeg",
      ])
    #expect(result.status == 0)
    let names = place.folder.names(in: "out").filter { $0.hasPrefix("digit2-01") }
    #expect(
      names == [
        "digit2-01.1.jpg", "digit2-01.2.jpg", "digit2-01.mean.jpg", "digit2-01.uncertainty.png",
      ])
  }
}
