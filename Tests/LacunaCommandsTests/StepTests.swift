import TestSupport
import Testing

/// `impute --steps`: fewer passes than missing pixels, and what they cost.
@Suite struct StepTests {
  private let place: Workplace
  private let base = [
    "impute", "fixtures/digits-holdout", "--region", "center", "--model", "any.safetensors",
  ]

  init() throws {
    place = try Workplace()
    let trained = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "any-order", "--set", "channels=8", "--set",
      "blocks=1", "--levels", "2", "--epochs", "2", "--unconditional", "--output",
      "any.safetensors")
    #expect(trained.status == 0)
  }

  @Test func fewerPassesAreApproximateAndSayWhatTheyCost() throws {
    let result = try place.lacuna.run(
      base + ["--steps", "2", "--samples", "3", "--output", "out"])
    #expect(result.status == 0)
    #expect(result.output.contains("completions      60 (0 exact, 60 approximate)"))
    let line = try #require(
      result.output.split(separator: "\n").first { $0.hasPrefix("cost of --steps") })
    #expect(line.contains(" +- ") && line.hasSuffix(" nats an image"))
    #expect(try place.completions("out").allSatisfy { $0[6] == "any-order-steps" })
    let json = try place.lacuna.run(base + ["--steps", "2", "--output", "json", "--json"])
    #expect(json.output.contains("\"steps_cost_nats\": "))
    #expect(!json.output.contains("\"steps_cost_nats\": null"))
  }

  @Test func enoughPassesAreExactAndCostNothing() throws {
    let result = try place.lacuna.run(base + ["--steps", "16", "--output", "out", "--json"])
    #expect(result.status == 0)
    #expect(result.output.contains("\"exact\": 20"))
    #expect(result.output.contains("\"steps_cost_nats\": null"))
  }
}
