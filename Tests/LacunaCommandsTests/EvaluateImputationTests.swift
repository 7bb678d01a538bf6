import Images
import TestSupport
import Testing

@Suite struct EvaluateImputationTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.trainNaiveBayes()
  }

  private func evaluate(_ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(["evaluate", "imputation"] + arguments + ["--model", "nb.safetensors"])
  }

  /// The numbers behind a name in JSON, in order.
  private func numbers(_ name: String, _ json: String) -> [Double] {
    json.split(separator: "\n").filter { $0.contains("\"\(name)\":") }.compactMap { line in
      Double(line.split(separator: ":")[1].filter { !", ".contains($0) })
    }
  }

  @Test func everyKindOfHoleIsMeasuredAndExact() throws {
    let result = try evaluate(
      "fixtures/digits-holdout", "--region", "bottom-half", "--region", "0,0,3,2", "--random",
      "0.1,0.9", "--masks", "fixtures/masks", "--samples", "4", "--plot", "plot.png")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    #expect(
      lines[1...5].map { String($0.prefix { $0 != " " }) }
        == ["bottom-half", "0,0,3,2", "random", "random", "masks"])
    #expect(lines[1...5].allSatisfy { $0.hasSuffix("exact, closed-form  exact, closed-form") })
    #expect(lines[6].contains(" right: 0.600, and of its 90 % intervals 0.900"))
    let plot = try ImageFile.read(place.path("plot.png"))
    #expect(plot.width > 600 && plot.height > 900)
  }

  /// What is known of nothing is the image's own likelihood.
  @Test func wholeImagesScoreAsTheirLikelihood() throws {
    let whole = try evaluate("fixtures/digits-holdout", "--random", "1", "--json")
    let likelihood = try place.lacuna.run(
      "evaluate", "likelihood", "fixtures/digits-holdout", "--model", "nb.safetensors", "--json")
    let (conditional, image) = (
      numbers("nats", whole.output), numbers("nats", likelihood.output)
    )
    #expect(conditional.count == 1 && image.count == 1)
    #expect(zip(conditional, image).allSatisfy { abs($0 - $1) < 1e-6 * $1 })
    #expect(numbers("missing_share", whole.output) == [1])
    #expect(
      zip(numbers("nats_per_missing_pixel", whole.output), image)
        .allSatisfy { abs($0 * 64 - $1) < 1e-6 * $1 })
  }

  /// -log p(bottom | top) - log p(top | bottom) is less than -log p(both) by what the halves tell of each other.
  @Test func halvesTellOfEachOther() throws {
    let trained = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "mixture", "--set", "components=8", "--unconditional",
      "--levels", "2", "--output", "mixture.safetensors")
    #expect(trained.status == 0)
    func nats(_ arguments: String...) throws -> Double {
      let result = try place.lacuna.run(
        [
          "evaluate", "imputation", "fixtures/digits-holdout", "--json", "--model",
          "mixture.safetensors",
        ] + arguments)
      return try #require(numbers("nats", result.output).first)
    }
    let (all, bottom, top) = try (
      nats("--random", "1"), nats("--region", "bottom-half"), nats("--region", "top-half")
    )
    #expect(bottom > 0 && top > 0 && bottom + top < all - 0.2)
  }

  @Test func reportsDependNeitherOnBatchesNorOnThreads() throws {
    let arguments = [
      "evaluate", "imputation", "fixtures/digits", "--images", "30", "--region", "center",
      "--random", "0.5", "--samples", "3", "--model", "nb.safetensors", "--json",
    ]
    let one = try place.lacuna.run(arguments)
    let other = try place.lacuna.run(arguments + ["--batch", "7", "--threads", "1"])
    #expect(one.status == 0)
    #expect(one.output == other.output)
    let reseeded = try place.lacuna.run(arguments + ["--seed", "1"])
    #expect(reseeded.output != one.output)
    #expect(numbers("images", one.output) == [30, 30])
  }

  /// Fixed orders are exact for holes that come last, and only for these.
  @Test func exactnessIsToldHoleByHole() throws {
    let model = "fixtures/models/digits-pixelcnn.safetensors"
    let result = try place.lacuna.run(
      "evaluate", "imputation", "fixtures/digits-holdout", "--region", "bottom-half", "--region",
      "0,0,2,2", "--samples", "2", "--images", "6", "--model", model, "--json")
    #expect(result.status == 0)
    #expect(numbers("exact_scores", result.output).first == 6)
    #expect(numbers("exact_completions", result.output).first == 6)
  }

  @Test func badImagesAreSkippedAndCounted() throws {
    try place.copy("fixtures/digits-holdout/digit0-01.png", to: "images/a.png")
    try place.folder.write("no image", to: "images/b.png")
    let result = try evaluate("images", "--region", "center", "--json")
    #expect(result.status == 2)
    #expect(result.errors.contains("images/b.png"))
    #expect(numbers("images", result.output) == [1])
    #expect(result.output.contains("\"nats_standard_error\": null"))
    #expect(try evaluate("images", "--region", "center", "--strict").status == 1)
  }
}
