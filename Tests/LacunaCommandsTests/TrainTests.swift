import Images
import Models
import TestSupport
import Testing
import Training

@Suite struct TrainTests {
  @Test func closedFormModelIsWrittenAndReproducible() throws {
    let place = try Workplace()
    let result = try place.trainNaiveBayes()
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("model       nb.safetensors\nvalidation  "))
    #expect(result.errors.isEmpty)
    try place.trainNaiveBayes("again.safetensors")
    #expect(try place.bytes("nb.safetensors") == place.bytes("again.safetensors"))
    let model = try ModelFile(contentsOf: place.path("nb.safetensors"))
    #expect(model.classes == (0...9).map(String.init))
    #expect(model.training["images"] == "360")
  }

  @Test func trainingLeavesModelLogAndCurve() throws {
    let place = try Workplace()
    let result = try place.lacuna.run(
      place.tinyPixelCNN("p.safetensors", epochs: 2) + ["--json"])
    #expect(result.status == 0)
    #expect(result.output.contains("\"steps\": 24"))
    #expect(result.output.contains("\"validation_kind\": \"exact\""))
    #expect(
      place.folder.names() == ["fixtures", "p.curve.png", "p.log.jsonl", "p.safetensors"])
    let curve = try ImageFile.read(place.path("p.curve.png"))
    #expect(curve.width > 100)
    let log = try place.text("p.log.jsonl").split(separator: "\n")
    #expect(log.count { $0.contains("\"validation\":") } == 2)
    #expect(log.allSatisfy { $0.hasPrefix("{\"step\":") && $0.hasSuffix("}") })
  }

  @Test func anExistingModelIsKeptUnlessItMayBeReplaced() throws {
    let place = try Workplace()
    try place.trainNaiveBayes()
    let before = try place.bytes("nb.safetensors")
    let arguments = [
      "train", "fixtures/digits", "--model", "naive-bayes", "--set", "smoothing=9", "--output",
      "nb.safetensors",
    ]
    #expect(try place.lacuna.run(arguments).status == 1)
    #expect(try place.bytes("nb.safetensors") == before)
    let resumed = try place.lacuna.run(arguments + ["--resume"])
    #expect(resumed.status == 0)
    #expect(resumed.errors.contains("is finished already"))
    #expect(try place.bytes("nb.safetensors") == before)
    #expect(try place.lacuna.run(arguments + ["--overwrite"]).status == 0)
    #expect(try place.bytes("nb.safetensors") != before)
  }

  @Test func aLossThatIsNotFiniteStopsAndKeepsTheOldModel() throws {
    let place = try Workplace()
    try place.trainNaiveBayes("p.safetensors")
    let before = try place.bytes("p.safetensors")
    let result = try place.lacuna.run(
      place.tinyPixelCNN("p.safetensors", epochs: 30)
        + ["--overwrite", "--learning-rate", "1e36", "--precision", "float32"])
    #expect(result.status == 1)
    #expect(result.errors.contains("not finite"))
    #expect(result.errors.contains("--learning-rate"))
    #expect(try place.bytes("p.safetensors") == before)
  }

  /// The digits have 17 levels; a model that learnt drawn pixels is asked about pixels drawn once.
  @Test func pixelsAreDrawnByTheirShades() throws {
    let place = try Workplace()
    let arguments = place.tinyPixelCNN("p.safetensors", epochs: 2) + ["--binarize", "dynamic"]
    #expect(try place.lacuna.run(arguments).status == 0)
    let model = try ModelFile(contentsOf: place.path("p.safetensors"))
    #expect(model.model.shape.levels == 2 && model.binarization == .dynamic)
    func nats(_ more: String...) throws -> String {
      let result = try place.lacuna.run(
        ["evaluate", "likelihood", "fixtures/digits-holdout", "--model", "p.safetensors"] + more)
      #expect(result.status == 0)
      return result.output
    }
    #expect(try nats() == nats("--binarize", "dynamic"))
    #expect(try nats() != nats("--seed", "1"))
    #expect(try nats() != nats("--binarize", "threshold"))
  }

  @Test func drawnPixelsAreRefusedWhereTheyCannotBe() throws {
    let place = try Workplace()
    let fitted = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "naive-bayes", "--binarize", "dynamic", "--output",
      "n.safetensors")
    #expect(fitted.status == 1 && fitted.errors.contains("--binarize threshold"))
    let many = try place.lacuna.run(
      place.tinyPixelCNN("p.safetensors", epochs: 1) + ["--binarize", "dynamic", "--levels", "17"])
    #expect(many.status == 64 && many.errors.contains("2 levels, not the 17"))
    try place.trainNaiveBayes()
    let scored = try place.lacuna.run(
      "evaluate", "likelihood", "fixtures/digits", "--model", "nb.safetensors", "--binarize",
      "dynamic")
    #expect(scored.status != 0 && scored.errors.contains("models of 2 levels"))
  }

  @Test func unconditionalTrainingIgnoresFolders() throws {
    let place = try Workplace()
    let result = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "naive-bayes", "--unconditional", "--output",
      "u.safetensors", "--validation-set", "fixtures/digits-holdout", "--levels", "4", "--json")
    #expect(result.status == 0)
    #expect(result.output.contains("\"images\": 400"))
    #expect(result.output.contains("\"validation_images\": 20"))
    let model = try ModelFile(contentsOf: place.path("u.safetensors"))
    #expect(model.classes.isEmpty)
    #expect(model.model.shape.levels == 4)
  }

  @Test func imagesAreResampledAndColoured() throws {
    let place = try Workplace()
    let result = try place.lacuna.run(
      "train", "fixtures/digits", "--model", "naive-bayes", "--size", "5x6", "--channels", "rgb",
      "--output", "s.safetensors")
    #expect(result.status == 0)
    let shape = try ModelFile(contentsOf: place.path("s.safetensors")).model.shape
    #expect([shape.width, shape.height, shape.channels] == [5, 6, 3])
  }

  /// Large images are brought to size as they are read: a process that may not hold all of them as they are stored, a
  /// gigabyte, learns them.
  @Test func memoryDoesNotGrowWithTheSizeOfImages() throws {
    let place = try Workplace()
    try place.folder.write(
      Image(width: 2000, height: 1500, format: .rgb, filledWith: [9, 90, 200]), to: "set/0.png")
    for index in 1..<120 { try place.copy("set/0.png", to: "set/\(index).png") }
    let result = try place.lacuna.shell(
      "ulimit -v 700000; OMP_NUM_THREADS=1 lacuna train set --size 8x6 --model naive-bayes "
        + "--threads 1 --output x.st --quiet")
    #expect(result.status == 0, "\(result.transcript)")
    #expect(try ModelFile(contentsOf: place.path("x.st")).model.shape.width == 8)
  }
}
