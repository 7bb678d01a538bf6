import Files
import TestSupport
import Testing

/// Holes that do not come last in the model's order, filled by particles.
@Suite struct ParticleImputingTests {
  private let place: Workplace
  private let model = "fixtures/models/digits-pixelcnn.safetensors"

  init() throws {
    place = try Workplace()
  }

  private func impute(_ arguments: String...) throws -> CommandRunner.Result {
    try place.lacuna.run(
      ["impute", "fixtures/digits-holdout", "--model", model] + arguments)
  }

  @Test func autoTakesTheOrderWhereThatIsExactAndParticlesElsewhere() throws {
    let bottom = try impute("--region", "bottom-half", "--output", "bottom")
    #expect(bottom.status == 0)
    #expect(try place.completions("bottom").allSatisfy { $0[5...] == ["exact", "ordered", ""] })
    let top = try impute("--region", "top-half", "--output", "top", "--samples", "2")
    #expect(top.status == 0)
    #expect(top.output.contains("methods      particles 40"))
    for row in try place.completions("top") {
      #expect(row[5...6] == ["approximate", "particles"])
      let size = try #require(Double(row[7]))
      #expect((1...64).contains(size))
    }
    let few = try impute("--region", "top-half", "--output", "few", "--particles", "5")
    #expect(few.status == 0)
    #expect(try place.completions("few").allSatisfy { (1...5).contains(Double($0[7]) ?? 0) })
  }

  /// Completions of one image have particles of their own.
  @Test func completionsDiffer() throws {
    let result = try impute("--region", "top-half", "--output", "out", "--samples", "5")
    #expect(result.status == 0)
    let files = try place.files(below: "out")
    for name in ["digit0-02", "digit5-01", "digit8-02"] {
      #expect(Set((1...5).compactMap { files["\(name).\($0).png"] }).count >= 4)
    }
  }

  /// Known pixels below a hole tell more of it than those above do alone.
  @Test func heedingWhatComesLaterIsLikelierThanIgnoringIt() throws {
    let result = try place.lacuna.run(
      "evaluate", "imputation", "fixtures/digits-holdout", "--region", "top-half", "--method",
      "raster,ordered,particles", "--particles", "256", "--samples", "2", "--model", model,
      "--json")
    #expect(result.status == 0)
    let nats = result.output.split(separator: "\n").filter { $0.contains("\"nats\":") }
      .compactMap { line in Double(line.split(separator: ":")[1].filter { !", ".contains($0) }) }
    #expect(nats.count == 3)
    #expect(nats[0] == nats[1])
    #expect(nats[2] < nats[1])
    for method in ["raster", "ordered", "particles"] {
      #expect(result.output.contains("\"method\": \"\(method)\""))
    }
    #expect(!result.output.contains("nan") && !result.output.contains("inf"))
  }

  @Test func optionsThatAModelDoesNotHaveAreRefusedByName() throws {
    try place.trainNaiveBayes()
    for (option, value) in [
      ("method", "particles"), ("method", "raster"), ("particles", "9"), ("steps", "3"),
      ("fill", "sweeps=4"),
    ] {
      let result = try place.lacuna.run(
        "impute", "fixtures/digits-holdout", "--region", "center", "--model", "nb.safetensors",
        "--output", "out", "--\(option)", value)
      let name = option == "fill" ? "sweeps" : option
      #expect(result.status == 1)
      #expect(
        result.errors.contains("'naive-bayes' has no filling option '\(name)'"), "\(result.errors)")
    }
    #expect(
      try place.lacuna.run(
        "impute", "fixtures/digits-holdout", "--region", "center", "--model", "nb.safetensors",
        "--output", "own", "--method", "auto"
      ).status == 0)
    #expect(!FileSystem.exists(place.path("out")))
  }

  @Test func aRunByParticlesIsResumed() throws {
    let arguments = ["--region", "left-half", "--samples", "2", "--uncertainty", "--output", "out"]
    #expect(try place.lacuna.run(base + arguments).status == 0)
    let before = try place.files(below: "out")
    for name in ["digit4-01.2.png", "digit6-01.uncertainty.png"] {
      try FileSystem.removeFile(place.path("out/\(name)"))
    }
    let resumed = try place.lacuna.run(base + arguments + ["--resume"])
    #expect(resumed.status == 0)
    #expect(resumed.output.contains("done before  18 images"))
    #expect(try place.files(below: "out") == before)
  }

  private var base: [String] { ["impute", "fixtures/digits-holdout", "--model", model] }
}
