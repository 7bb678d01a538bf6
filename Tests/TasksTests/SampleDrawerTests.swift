import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// Images drawn in memory.
@Suite struct SampleDrawerTests {
  private static let shape = ImageShape(height: 5, width: 4, channels: 1, levels: 4)

  private static func zoo(_ kind: any GenerativeModel.Type) -> ZooInstance {
    ZooInstance(kind, shape: shape, classCount: 2)
  }

  private static let kinds: [ZooInstance] = [
    zoo(PixelCNN.self), zoo(VariationalAutoencoder.self), zoo(NonlinearIndependentComponents.self),
    zoo(NaiveBayes.self),
    zoo(GenerativeAdversarialNetwork.self),
  ]

  private func requests(_ numbers: [Int]) -> [SampleRequest] {
    numbers.map {
      SampleRequest(
        label: $0 % 2,
        random: PictureIdentity("sample\($0)").random(sample: 0, seed: 5))
    }
  }

  private func drawer(
    _ zoo: ZooInstance, threads: Int = 2, change: (inout SampleDrawer.Options) -> Void = { _ in }
  ) throws -> SampleDrawer {
    var options = SampleDrawer.Options()
    change(&options)
    return try SampleDrawer(
      zoo.shaken().model, options, Context(threads: threads, precision: .float32))
  }

  @Test(arguments: kinds)
  func aSampleDependsOnItsRequestAlone(_ zoo: ZooInstance) throws {
    let together = try drawer(zoo).draw(requests(Array(0..<70)))
    #expect(Set(together.map(\.levels)).count > 10)
    let few = try drawer(zoo, threads: 1).draw(requests([69, 3]))
    for (one, number) in zip(few, [69, 3]) {
      #expect(one.levels == together[number].levels)
      #expect(one.logLikelihood == together[number].logLikelihood)
    }
  }

  /// Scored where a model can; a model without a likelihood gives none.
  @Test(arguments: kinds)
  func samplesAreScored(_ zoo: ZooInstance) throws {
    let model = try zoo.shaken().model
    let drawn = try drawer(zoo).draw(requests([0, 1, 2]))
    guard let scoring = model as? any Scoring else {
      #expect(drawn.allSatisfy { $0.logLikelihood == nil })
      return
    }
    let scores = scoring.scores(
      ImageBatch(
        drawn.map(\.levels) + [[Float]](repeating: drawn[0].levels, count: Tiles.size - 3),
        labels: [0, 1, 0] + [Int?](repeating: 0, count: Tiles.size - 3), shape: Self.shape),
      Pass(.float32))
    for (one, score) in zip(drawn, scores) {
      let found = try #require(one.logLikelihood)
      #expect(abs(found - score) < 1e-3 * max(1, abs(score)))
    }
  }

  /// A point decides the image, but for the noise of its pixels; models without points say so.
  @Test func pointsAreTakenWhereThereAreSome() throws {
    let gan = try drawer(Self.zoo(GenerativeAdversarialNetwork.self))
    let points = [[Float](repeating: 0.5, count: 4), [Float](repeating: -0.5, count: 4)]
    let drawn = try gan.draw(requests([0, 2, 4]), latents: [points[0], points[0], points[1]])
    #expect(drawn[0].levels == drawn[1].levels)
    #expect(drawn[0].levels != drawn[2].levels)
    let plain = try drawer(Self.zoo(PixelCNN.self))
    #expect(!plain.takesLatents)
    #expect(throws: EngineError.self) { _ = try plain.draw(requests([0]), latents: [points[0]]) }
  }

  @Test func labelsAreCheckedWhereAsked() throws {
    let drawn = try drawer(Self.zoo(NaiveBayes.self)) { $0.checksLabels = true }
      .draw(requests([0, 1]))
    for one in drawn {
      let probability = try #require(one.labelProbability)
      #expect((0...1).contains(probability))
    }
    #expect(throws: EngineError.self) {
      try drawer(Self.zoo(GenerativeAdversarialNetwork.self)) { $0.checksLabels = true }
    }
  }

  @Test func whatAModelCannotIsSaid() throws {
    #expect(throws: EngineError.self) {
      try SampleDrawer(TinyEncoder(shape: Self.shape), .init(), Context())
    }
  }
}
