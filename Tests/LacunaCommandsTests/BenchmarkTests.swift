import TestSupport
import Testing

/// What other programs read of `lacuna benchmark`, and that it measures what a training does.
@Suite struct BenchmarkTests {
  /// The numbers behind a name in JSON, one or a list.
  private func numbers(_ name: String, _ json: String) throws -> [Double] {
    let lines = json.split(separator: "\n")
    let first = try #require(lines.firstIndex { $0.contains("\"\(name)\":") })
    let value = lines[first].split(separator: ":")[1]
    guard value.contains("[") else { return [try number(value)] }
    return try lines[(first + 1)...].prefix { !$0.contains("]") }.map(number)
  }

  private func number(_ text: Substring) throws -> Double {
    let digits = String(text.filter { $0 != " " && $0 != "," })
    return try #require(Double(digits))
  }

  private let tiny = [
    "--set", "layers=1", "--set", "channels=4", "--set", "first-kernel=3", "--levels", "2",
    "--precision", "float32", "--unconditional", "--json",
  ]

  @Test func stepsAreReportedOneByOne() throws {
    let place = try Workplace()
    let result = try place.lacuna.run(
      [
        "benchmark", "step", "fixtures/digits", "--model", "pixelcnn", "--batch", "8", "--steps",
        "4", "--warm-up", "2", "--threads", "1",
      ] + tiny)
    #expect(result.status == 0, "\(result.errors)")
    let times = try numbers("milliseconds", result.output)
    #expect(times.count == 4 && times.allSatisfy { $0 > 0 })
    #expect(try numbers("median_milliseconds", result.output) == [times.sorted()[2]])
    #expect(try numbers("losses", result.output).count == 6)
    #expect(try numbers("batch", result.output) == [8])
    #expect(try numbers("threads", result.output) == [1])
    #expect(try numbers("page_faults", result.output)[0] >= 0)
    #expect(try numbers("peak_memory_bytes", result.output)[0] > 1_000_000)
    #expect(result.output.contains("\"precision\": \"float32\""))
    #expect(result.output.contains("\"model\": \"pixelcnn\""))
  }

  @Test func theFirstLossIsThatOfTheWeightsWritten() throws {
    let place = try Workplace()
    // All images in every batch, so that their order does not matter.
    let result = try place.lacuna.run(
      [
        "benchmark", "step", "fixtures/digits-holdout", "--model", "pixelcnn", "--batch", "20",
        "--steps", "9", "--warm-up", "1", "--learning-rate", "0.1", "--weights", "w.safetensors",
      ] + tiny)
    #expect(result.status == 0, "\(result.errors)")
    let losses = try numbers("losses", result.output)
    let scored = try place.lacuna.run(
      "evaluate", "likelihood", "fixtures/digits-holdout", "--model", "w.safetensors", "--json")
    #expect(try abs(losses[0] - numbers("nats", scored.output)[0]) < 1e-3)
    #expect(losses[9] < losses[0] - 0.1, "\(losses)")
  }

  @Test func aDenseNetworkCanBeMeasured() throws {
    let place = try Workplace()
    let result = try place.lacuna.run(
      "benchmark", "step", "fixtures/digits", "--model", "dense", "--set", "hidden=50", "--levels",
      "2", "--batch", "16", "--steps", "30", "--learning-rate", "0.05", "--weights",
      "w.safetensors", "--json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try numbers("parameters", result.output) == [Double(64 * 50 + 50 + 50 * 64 + 64)])
    let losses = try numbers("losses", result.output)
    // Weights that know nothing yet: about log 2 a pixel.
    #expect(abs(losses[0] / (64 * 0.6931) - 1) < 0.1)
    #expect(losses[34] < 0.9 * losses[0], "\(losses)")
    let size = try place.bytes("w.safetensors").count
    #expect(size > 4 * 6514 && size < 4 * 6514 + 2000)

    let grey = try place.lacuna.run(
      "benchmark", "step", "fixtures/digits", "--model", "dense", "--steps", "1")
    #expect(grey.status == 1)
    #expect(grey.errors.contains("'dense' is for binary images"))
  }
}
