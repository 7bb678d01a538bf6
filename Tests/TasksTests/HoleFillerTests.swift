import Images
import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// Holes filled in memory.
@Suite struct HoleFillerTests {
  private static let shape = ImageShape(height: 4, width: 5, channels: 1, levels: 2)
  private static let model = ZooInstance(PixelCNN.self, shape: shape, classCount: 2)

  /// A picture of black and white pixels with a hole in its lower half; the same for the same number.
  private func picture(_ number: Int, width: Int = 5, height: Int = 4) -> HoledPicture {
    let pixels = (0..<width * height).map { UInt8(($0 * 7 + number * 3) % 5 < 2 ? 255 : 0) }
    let missing = (0..<width * height).map { $0 >= width * height / 2 }
    return HoledPicture(
      Image(width: width, height: height, format: .grey, pixels: pixels),
      Mask(width: width, height: height, missing: missing), label: number % 2,
      identity: PictureIdentity("picture\(number)"))
  }

  private func filler(
    threads: Int = 2, stop: StopFlag = StopFlag(),
    change: (inout HoleFiller.Options) -> Void = { _ in }
  ) throws -> HoleFiller {
    var options = HoleFiller.Options()
    options.samples = 3
    change(&options)
    return try HoleFiller(
      Self.model.shaken().model, options, Context(threads: threads, precision: .float32, stop: stop)
    )
  }

  private func summary(_ answers: [HoleFiller.Answer]) -> [String] {
    answers.map { "\($0.levels) \($0.logLikelihood) \($0.isExact) \($0.method)" }
  }

  @Test func answersOfAPictureDependOnItAlone() throws {
    let together = try filler().fill((0..<70).map { picture($0) }).answers
    #expect(Set(together.flatMap(summary)).count > 100)
    for number in [0, 17, 69] {
      let alone = try filler(threads: 1).fill([picture(number)]).answers
      #expect(summary(alone[0]) == summary(together[number]))
    }
    let otherSeed = try filler { $0.seed = 1 }.fill([picture(17)]).answers
    #expect(summary(otherSeed[0]) != summary(together[17]))
  }

  @Test(arguments: [(5, 4), (9, 7)])
  func knownPixelsStay(_ width: Int, _ height: Int) throws {
    let holed = picture(3, width: width, height: height)
    let filler = try filler()
    try filler.check(holed.image)
    let answers = try filler.fill([holed]).answers[0]
    #expect(answers.count == 3)
    for answer in answers {
      #expect(answer.isExact == (width == 5))
      #expect(answer.logLikelihood < 0)
      for (place, isMissing) in holed.mask.missing.enumerated() where !isMissing {
        #expect(answer.image.pixels[place] == holed.image.pixels[place])
      }
    }
  }

  /// The likelihood of a completion is what the model says: the whole image's less that of the known part.
  @Test func likelihoodsAreTheModels() throws {
    let instance = try Self.model.shaken()
    let scoring = try #require(instance.model as? any Scoring)
    let answers = try filler { $0.samples = 64 }.fill([picture(4)]).answers[0]
    let scores = scoring.scores(
      ImageBatch(
        answers.map(\.levels), labels: answers.map { _ in 0 }, shape: Self.shape), Pass(.float32))
    let known = zip(scores, answers).map { $0 - $1.logLikelihood }
    let spread = (known.max() ?? 0) - (known.min() ?? 0)
    #expect(spread < 1e-4)
  }

  /// The model's own mean of pictures of its size, the average of the answers of others and at other temperatures.
  @Test(arguments: [(5, 4, Float(1)), (5, 4, 0.5), (9, 7, 1)])
  func meansAreTheModelsOwnWhereItKnowsThem(
    _ width: Int, _ height: Int, _ temperature: Float
  ) throws {
    let mixture = ZooInstance(NaiveBayes.self, shape: Self.shape, classCount: 2)
    var options = HoleFiller.Options()
    options.samples = 3
    options.temperature = temperature
    let holed = picture(3, width: width, height: height)
    func fill() throws -> HoleFiller.Outcome {
      try HoleFiller(
        mixture.shaken().model, options, Context(threads: 1, precision: .float32, stop: StopFlag())
      ).fill([holed])
    }
    #expect(try fill().means == [nil])
    options.givesMeans = true
    let outcome = try fill()
    let mean = try #require(outcome.means[0])
    let averages = mean.pixels.indices.map { place in
      outcome.answers[0].reduce(0) { $0 + Int($1.image.pixels[place]) } / 3
    }
    for (place, isMissing) in holed.mask.missing.enumerated() where !isMissing {
      #expect(mean.pixels[place] == holed.image.pixels[place])
    }
    let isAverage = zip(mean.pixels, averages).allSatisfy { abs(Int($0) - $1) <= 1 }
    #expect(isAverage == (width > 5 || temperature != 1))
  }

  @Test func aTemperatureIsNotExact() throws {
    let answers = try filler { $0.temperature = 0.5 }.fill([picture(3)]).answers[0]
    #expect(answers.allSatisfy { !$0.isExact })
  }

  @Test func smallImagesAreRefused() throws {
    let filler = try filler()
    #expect(throws: EngineError.self) { try filler.check(picture(1, width: 4, height: 4).image) }
  }

  /// Between two windows; what needs one window is done.
  @Test func aStopIsHeededBetweenWindows() throws {
    let stop = StopFlag()
    stop.raise()
    let filler = try filler(stop: stop)
    #expect(try filler.fill([picture(2)]).answers.count == 1)
    let error = #expect(throws: EngineError.self) {
      _ = try filler.fill([picture(2, width: 9, height: 7)])
    }
    guard case .interrupted = error else {
      Issue.record("not interrupted: \(String(describing: error))")
      return
    }
  }

  /// Many samples of one image are drawn in pieces.
  @Test func aStopIsHeededBetweenSamples() throws {
    let stop = StopFlag()
    stop.raise()
    let error = #expect(throws: EngineError.self) {
      _ = try filler(stop: stop) { $0.samples = 256 * Tiles.size + 1 }.fill([picture(2)])
    }
    #expect(error?.description.contains("between samples") == true)
  }

  @Test func whatAModelCannotIsSaid() throws {
    let encoder = TinyEncoder(shape: Self.shape)
    #expect(throws: EngineError.self) { try HoleFiller(encoder, .init(), Context()) }
    let error = #expect(throws: EngineError.self) { try filler { $0.filling = ["stepz": "3"] } }
    #expect(error?.description.contains("stepz") == true)
  }
}
