import Models
import Tensors
import TestSupport
import Testing
import Training

/// Trainings that begin with another model's weights.
@Suite struct ModelStartTests {
  private func run(
    _ model: String, in folder: TemporaryFolder, _ name: String, _ settings: [String: String] = [:]
  ) -> TrainingRun {
    var run = Pictures.run(output: folder.path("\(name).safetensors"))
    run.model = model
    run.settings = settings
    run.options.length = .epochs(1)
    return run
  }

  private func begun(_ run: TrainingRun, with file: String) throws -> TrainingRun {
    var run = run
    run.start = try ModelStart(contentsOf: file)
    return run
  }

  @Test func aClassifierBeginsWithAnEncoderAndItsSettings() throws {
    let (images, folder) = (try Pictures.folder(24), try TemporaryFolder())
    let encoder = run("contrastive", in: folder, "c", ["features": "16", "channels": "4"])
    _ = try encoder.train(encoder.load(images.path))
    var classifier = try begun(run("classifier", in: folder, "k"), with: encoder.output)
    // So small a rate leaves what it began with.
    classifier.options.learningRate = 1e-12
    let outcome = try classifier.train(classifier.load(images.path))
    let file = try ModelFile(contentsOf: encoder.output)
    let texts = outcome.file.model.configuration.texts
    #expect(texts["hidden"] == "16" && texts["channels"] == "4")
    #expect(outcome.file.training["started_from"] == "contrastive")
    let shared = file.tensors.filter { $0.key.hasPrefix("encoder.") }
    #expect(!shared.isEmpty)
    for (name, tensor) in shared {
      let mine = try #require(outcome.file.tensors[name])
      #expect(zip(mine.values, tensor.values).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func theSameModelGoesOnWithAllItsWeights() throws {
    let (images, folder) = (try Pictures.folder(24), try TemporaryFolder())
    let settings = ["layers": "1", "channels": "6"]
    let first = run("pixelcnn", in: folder, "first", settings)
    let before = try first.train(first.load(images.path)).file
    var second = try begun(run("pixelcnn", in: folder, "second"), with: first.output)
    second.options.learningRate = 1e-12
    second.options.averageDecay = 0
    let after = try second.train(second.load(images.path)).file
    #expect(after.model.configuration.texts == before.model.configuration.texts)
    for (name, tensor) in before.tensors {
      let mine = try #require(after.tensors[name])
      #expect(zip(mine.values, tensor.values).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let (images, folder) = (try Pictures.folder(24), try TemporaryFolder())
    let settings = ["features": "16", "channels": "4"]
    let encoder = run("contrastive", in: folder, "c", settings)
    _ = try encoder.train(encoder.load(images.path))
    let other = try begun(run("pixelcnn", in: folder, "p"), with: encoder.output)
    #expect(throws: TrainingError.self) { try other.check() }
    let fitted = run("naive-bayes", in: folder, "n")
    _ = try fitted.train(fitted.load(images.path))
    let again = try begun(run("naive-bayes", in: folder, "m"), with: fitted.output)
    #expect(throws: TrainingError.self) { try again.check() }
    let wider = try begun(
      run("classifier", in: folder, "w", ["hidden": "20"]), with: encoder.output)
    #expect(throws: TrainingError.self) { try wider.train(wider.load(images.path)) }
    var grey = try begun(run("classifier", in: folder, "g"), with: encoder.output)
    grey.loader.levels = 256
    #expect(throws: TrainingError.self) { try grey.train(grey.load(images.path)) }
  }

  @Test func aCheckpointKnowsWhatItBeganWith() throws {
    let (images, folder) = (try Pictures.folder(24), try TemporaryFolder())
    let settings = ["features": "16", "channels": "4"]
    let (one, two) = (
      run("contrastive", in: folder, "one", settings),
      run("contrastive", in: folder, "two", settings)
    )
    _ = try one.train(one.load(images.path))
    var other = two
    other.options.seed = 9
    _ = try other.train(other.load(images.path))
    var classifier = try begun(run("classifier", in: folder, "k"), with: one.output)
    classifier.options.checkpointInterval = 0
    let flag = StopFlag()
    flag.raise()
    #expect(throws: Interrupted.self) {
      try classifier.train(classifier.load(images.path), context: Context(stop: flag))
    }
    classifier.resumes = true
    let resumed = try begun(classifier, with: two.output)
    #expect(throws: TrainingError.self) { try resumed.train(resumed.load(images.path)) }
    #expect(try classifier.train(classifier.load(images.path)).result.steps > 0)
  }

  @Test func aClassifierNeedsClasses() throws {
    let (images, folder) = (try Pictures.folder(8), try TemporaryFolder())
    var classifier = run("classifier", in: folder, "k")
    classifier.isConditional = false
    #expect(throws: ModelError.self) { try classifier.train(classifier.load(images.path)) }
  }
}
