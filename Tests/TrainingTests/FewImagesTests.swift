import Files
import Images
import Models
import Tensors
import TestSupport
import Testing
import Training

/// Trainings of few images: what is held back, how long they last, and how images are moved about.
@Suite struct FewImagesTests {
  private let place: TemporaryFolder

  init() throws { place = try TemporaryFolder() }

  /// Pictures in class folders of these sizes.
  private func folder(_ sizes: [Int]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var number = 0
    for (label, size) in sizes.enumerated() {
      for _ in 0..<size {
        let image = Pictures.stripes(number, label: label % 2)
        try folder.write(ImageEncoder.encode(image, as: .bilevelPNG), to: "c\(label)/\(number).png")
        number += 1
      }
    }
    return folder
  }

  private func counts(_ images: ImageDataset) -> [Int] {
    images.classes.indices.map { label in images.labels.count { $0 == label } }
  }

  @Test(arguments: [
    ([10, 10, 10], 0.1, [1, 1, 1]), ([50, 5], 0.1, [5, 1]), ([50, 4], 0.1, [5, 0]),
    ([5, 5], 0.1, [1, 0]), ([1, 1, 6], 0.2, [0, 0, 2]), ([1, 2], 0.9, [0, 1]),
    ([1, 1, 1], 0.3, [0, 0, 0]), ([1], 0.1, [0]), ([3, 3], 0.99, [2, 2]),
  ])
  func everyClassGivesItsShareAndKeepsOne(_ sizes: [Int], _ fraction: Double, _ held: [Int]) throws
  {
    let place = try folder(sizes)
    let images = try DatasetLoader().load(place.path)
    for seed in 0..<4 as Range<UInt64> {
      let split = images.split(fraction: fraction, seed: seed)
      #expect(counts(split.held) == held)
      #expect(counts(split.rest) == zip(sizes, held).map { $0 - $1 })
      #expect(Set(split.held.paths + split.rest.paths) == Set(images.paths))
    }
  }

  @Test func imagesThatNoneCanSpareJudgeThemselves() throws {
    let images = try folder([1, 1])
    var run = Pictures.run(output: place.path("m.safetensors"))
    let split = try run.load(images.path)
    #expect(split.isJudgedByItself)
    #expect(split.validation.paths == split.training.paths && split.training.count == 2)
    run.options.length = .epochs(4)
    let outcome = try run.train(split)
    #expect(outcome.result.steps == 4)
    #expect(outcome.result.validation?.isFinite ?? false)
    let others = try folder([2, 1])
    #expect(try !run.load(others.path).isJudgedByItself)
  }

  @Test func shortPassesAreJudgedSeldomAndLastLongEnough() throws {
    let images = try folder([6, 6])
    var run = Pictures.run(output: place.path("m.safetensors"))
    run.options.length = .epochs(3)
    run.options.leastSteps = 33
    let outcome = try run.train(try run.load(images.path))
    #expect(outcome.result.steps == 33)
    let log = String(
      decoding: try FileSystem.readBytes(place.path("m.log.jsonl")), as: UTF8.self
    ).split(separator: "\n")
    // One step a pass: every fifth, and the last.
    let validations = log.filter { $0.contains("\"validation\":") }
    let steps = validations.map { line in String(line.prefix { $0 != "," }) }
    #expect(steps == [5, 10, 15, 20, 25, 30, 33].map { "{\"step\":\($0)" })
  }

  @Test func patienceOutlastsTheFirstThousandSteps() throws {
    let images = try folder([6, 6])
    var run = Pictures.run(output: place.path("m.safetensors"))
    run.settings = ["layers": "1", "channels": "4", "first-kernel": "3", "dropout": "0"]
    // Nothing is learned: no validation is better than the first.
    run.options.learningRate = 1e-30
    run.options.patience = 1
    run.options.length = .epochs(100_000)
    let result = try run.train(try run.load(images.path)).result
    #expect(result.stoppedEarly)
    let least = TrainingOptions.fewestStepsWithoutGain
    #expect((least..<least + 100).contains(result.steps))
  }

  private func bytes(
    _ name: String, _ images: TemporaryFolder, threads: Int = 2,
    change: (inout TrainingRun) -> Void = { _ in }
  ) throws -> [UInt8] {
    var run = Pictures.run(output: place.path("\(name).safetensors"))
    run.options.transforms = .light
    change(&run)
    let present = ThreadPool.threads
    ThreadPool.threads = threads
    defer { ThreadPool.threads = present }
    _ = try run.train(try run.load(images.path))
    return try FileSystem.readBytes(run.output)
  }

  @Test func movedImagesMakeAnotherModelAndTheFileSaysSo() throws {
    let images = try folder([60, 60])
    let expected = try bytes("light", images)
    #expect(try bytes("again", images, threads: 1) == expected)
    #expect(try bytes("plain", images) { $0.options.transforms = .none } != expected)
    #expect(try bytes("strong", images) { $0.options.transforms = .strong } != expected)
    for name in ["light", "strong"] {
      let file = try ModelFile(contentsOf: place.path("\(name).safetensors"))
      #expect(file.training["transforms"] == name)
    }
    #expect(
      try ModelFile(contentsOf: place.path("plain.safetensors")).training["transforms"] == "none")
  }

  @Test func movedImagesAreTheSameAfterAnInterruption() throws {
    let images = try folder([60, 60])
    let expected = try bytes("whole", images)
    var run = Pictures.run(output: place.path("parted.safetensors"))
    run.options.transforms = .light
    let split = try run.load(images.path)
    #expect(throws: Interrupted.self) {
      let stop = StopFlag()
      _ = try run.train(split, context: Context(stop: stop)) { progress in
        if progress.step == 14 { stop.raise() }
      }
    }
    run.resumes = true
    run.options.transforms = .none
    #expect(throws: TrainingError.self) { _ = try run.train(split) }
    run.options.transforms = .light
    _ = try run.train(split)
    #expect(try FileSystem.readBytes(run.output) == expected)
  }

  @Test(arguments: ["naive-bayes", "mixture"])
  func closedFormsLearnWarpedCopies(_ model: String) throws {
    let images = try folder([20, 20])
    func bytes(_ transforms: TransformStrength, _ name: String) throws -> [UInt8] {
      var run = TrainingRun(model: model, output: place.path(name))
      run.options.transforms = transforms
      _ = try run.train(try run.load(images.path))
      #expect(try ModelFile(contentsOf: run.output).training["transforms"] == transforms.rawValue)
      return try FileSystem.readBytes(run.output)
    }
    let light = try bytes(.light, "light.safetensors")
    #expect(try bytes(.light, "light.safetensors") == light)
    _ = try bytes(.none, "none.safetensors")
    #expect(
      try ModelFile(contentsOf: place.path("none.safetensors")).tensors.mapValues(\.values)
        != ModelFile(contentsOf: place.path("light.safetensors")).tensors.mapValues(\.values))
  }

  @Test func modelsThatEncodeFewImagesSeeThemMoved() throws {
    let place = try folder([40, 5])
    let small = try DatasetLoader().load(place.path)
    #expect(TransformStrength.suited(to: small, model: "vae") == .light)
    #expect(TransformStrength.suited(to: small, model: "autoencoder") == .light)
    #expect(TransformStrength.suited(to: small, model: "pixelcnn") == .none)
    #expect(TransformStrength.suited(to: small, model: "mixture") == .none)
    var loader = DatasetLoader()
    loader.size = (16, 16)
    let large = try loader.load(place.path)
    #expect(TransformStrength.suited(to: large, model: "vae") == .strong)
    let many = try folder([500])
    let (few, enough) = (
      try loader.load(many.path).subset(Array(0..<120)), try loader.load(many.path)
    )
    #expect(TransformStrength.suited(to: few, model: "vae") == .light)
    #expect(TransformStrength.suited(to: enough, model: "vae") == .none)
  }
}
