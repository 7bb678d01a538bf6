import Platform
import TestSupport
import Testing

@Suite struct EvaluateTests {
  /// The number behind a name in JSON.
  private func number(_ name: String, _ json: String) throws -> Double {
    let line = try #require(json.split(separator: "\n").first { $0.contains("\"\(name)\":") })
    let text = line.split(separator: ":")[1].filter { !", ".contains($0) }
    return try #require(Double(text))
  }

  @Test func likelihoodIsReportedInNatsAndBits() throws {
    let place = try Workplace()
    try place.trainNaiveBayes()
    let result = try place.lacuna.run(
      "evaluate", "likelihood", "fixtures/digits", "--model", "nb.safetensors", "--json")
    #expect(result.status == 0)
    let (nats, bits) = try (
      number("nats", result.output), number("bits_per_dimension", result.output)
    )
    #expect(abs(nats / 64 / log(2) - bits) < 1e-9)
    #expect(try number("images", result.output) == 400)
    #expect(try number("images_with_class", result.output) == 400)
    #expect(try number("standard_error", result.output) > 0)
    #expect(result.output.contains("\"kind\": \"exact\""))
    // Images seen in training are likelier than chance, eight bits a pixel.
    #expect(bits < 8 && bits > 1)
    let other = try place.lacuna.run(
      "evaluate", "likelihood", "fixtures/digits", "--model", "nb.safetensors", "--json",
      "--batch", "7", "--threads", "1")
    #expect(other.output == result.output)
  }

  @Test func scoresAgreeWithTheValidationOfTheTraining() throws {
    let place = try Workplace()
    let trained = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "naive-bayes", "--unconditional", "--validation-set",
      "fixtures/digits-holdout", "--output", "u.safetensors", "--json")
    let scored = try place.lacuna.run(
      "evaluate", "likelihood", "fixtures/digits-holdout", "--model", "u.safetensors", "--json")
    #expect(
      try abs(number("validation_nats", trained.output) - number("nats", scored.output)) < 1e-9)
  }

  @Test func imagesWithoutAClassAreNamed() throws {
    let place = try Workplace()
    try place.trainNaiveBayes()
    let result = try place.lacuna.run(
      "evaluate", "likelihood", "fixtures/digits-holdout", "--model", "nb.safetensors")
    #expect(result.status == 0)
    #expect(result.errors.contains("20 of 20 images are in no folder named by a class"))
    #expect(!result.output.contains("given the class"))
  }

  @Test func annealedConstantsAreEstimatedFromBothSides() throws {
    let place = try Workplace()
    func evaluated(hidden: Int) throws -> CommandRunner.Result {
      let model = "\(hidden).safetensors"
      let trained = try place.lacuna.run(
        "train", "fixtures/digits", "--model", "rbm", "--levels", "2", "--unconditional", "--set",
        "hidden=\(hidden)", "--epochs", "2", "--output", model)
      #expect(trained.status == 0)
      return try place.lacuna.run(
        "evaluate", "likelihood", "fixtures/digits-holdout", "--model", model, "--reverse", "--json"
      )
    }
    let both = try evaluated(hidden: 16)
    #expect(both.output.contains("annealed importance estimate (128 chains)"))
    let error = try number("annealing_standard_error", both.output)
    let reverseError = try number("reverse_standard_error", both.output)
    let difference = try number("reverse_nats", both.output) - number("nats", both.output)
    #expect(error > 0 && error < 0.1)
    #expect(abs(difference) < 5 * (error + reverseError) + 1e-3)
    let exact = try evaluated(hidden: 4)
    #expect(exact.status == 1)
    #expect(exact.errors.contains("--reverse"))
  }
}
