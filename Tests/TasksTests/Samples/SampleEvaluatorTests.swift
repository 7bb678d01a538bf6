import Files
import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// What comes of sets of images that are unlike in a known way, and of a stop.
@Suite struct SampleEvaluatorTests {
  private func images(_ place: Workplace, training: String? = nil) throws -> SampleImages {
    try SampleImages(
      place.path("fixtures/digits"), training: training.map(place.path), loader: DatasetLoader(),
      seed: 0)
  }

  private func options() -> SampleEvaluator.Options {
    var options = SampleEvaluator.Options()
    options.steps = 60
    return options
  }

  @Test func oneDirectoryIsHalved() throws {
    let place = try Workplace()
    let halves = try images(place)
    #expect(halves.isHalved && halves.teachingCount == 200 && halves.testCount == 200)
    let two = try images(place, training: "fixtures/digits")
    #expect(!two.isHalved && two.teachingCount == 400 && two.testCount == 400)
    #expect(halves.classes == two.classes && two.classes.count == 10)
  }

  /// One image again and again: nothing is divided by nothing, and what can be said is.
  @Test func oneImageAgainAndAgainIsMeasured() throws {
    let place = try Workplace()
    for copy in 0..<30 {
      try place.copy("fixtures/digits/4/digit4-003.png", to: "same/\(copy).png")
    }
    let images = try images(place)
    let same = try images.generated(
      place.path("same"), most: nil, loader: DatasetLoader(), seed: 0)
    let report = try SampleEvaluator(images, options: options()).evaluate(same)
    let measures = report.generated
    for value in [
      measures.frechet.value, measures.frechet.unbiased, measures.kernel.value, measures.density,
      measures.parzen.logLikelihood.value,
    ] {
      #expect(value.isFinite)
    }
    #expect(measures.count == 30 && measures.recall < 0.02 && measures.coverage < 0.1)
    #expect(report.nearest.copyShare == 1 && report.realNearest.copyShare < 0.1)
    #expect(report.classes?.missed.count == 9 && report.classes?.agreement == nil)
    #expect(report.accuracy.generated == nil && report.accuracy.real != nil)
    #expect(report.real.count == 30 && report.real.frechet.unbiased < measures.frechet.unbiased)
  }

  @Test func aStopIsHeard() throws {
    let place = try Workplace()
    let images = try images(place)
    let same = try images.generated(
      place.path("fixtures/digits"), most: 50, loader: DatasetLoader(), seed: 0)
    #expect(same.count == 50)
    let stop = StopFlag()
    let context = Context(precision: .float32, stop: stop)
    let evaluator = SampleEvaluator(images, options: options(), context: context)
    #expect(throws: Interrupted.self) {
      _ = try evaluator.evaluate(same) { if $0.done == 3 { stop.raise() } }
    }
    let model = try ModelInstance(
      named: "rbm", settings: ["hidden": "3"],
      shape: ImageShape(height: 8, width: 8, channels: 1, levels: 2), classCount: 0
    ).model
    #expect(throws: Interrupted.self) { _ = try ChainEvaluator(model, context: context).evaluate() }
  }

  @Test func whatTheModelIsNotOfIsRefused() throws {
    let place = try Workplace()
    try place.trainNaiveBayes()
    let file = try ModelFile(contentsOf: place.path("nb.safetensors"))
    var loader = DatasetLoader()
    loader.levels = 5
    let images = try SampleImages(
      place.path("fixtures/digits"), training: nil, loader: loader, seed: 0)
    let evaluator = SampleEvaluator(images, options: options())
    #expect(throws: TaskError.self) { _ = try evaluator.samples(of: file, reporter: .init()) }
    #expect(throws: TaskError.self) { _ = try ChainEvaluator(file.model) }
  }
}
