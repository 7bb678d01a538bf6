import Models
import Tensors
import TestSupport
import Testing

/// What of a training reaches a loss: its progress, and images without a label.
@Suite struct LearningTests {
  private static let shape = ImageShape(height: 9, width: 10, channels: 1, levels: 4)

  private func loss(_ zoo: ZooInstance, _ batch: ImageBatch, step: Int, progress: Double) throws
    -> Float
  {
    let noise = RandomSource(seed: 4, purpose: .dropout)
    return try zoo.shaken().model.objectives[0]
      .value(batch, Pass(noise: noise, step: step, progress: progress)).scalar
  }

  /// However short a training, three tenths of it end the warm-up.
  @Test(arguments: ["vae", "semi-vae"])
  func theWarmUpEndsInShortTrainings(_ name: String) throws {
    let zoo = ZooInstance(
      try Zoo.model(named: name), ["warm-up": "1000"], shape: Self.shape, classCount: 2)
    let batch = zoo.batch(8)
    let warm = try loss(zoo, batch, step: 5000, progress: 0)
    #expect(try loss(zoo, batch, step: 0, progress: 0.3) == warm)
    #expect(try loss(zoo, batch, step: 0, progress: 0.1) < warm)
  }

  /// Moved copies of unlabelled images count where asked for, and those of labelled ones without that.
  @Test func copiesAreThoseAskedFor() throws {
    func losses(_ copies: String, _ labels: [Int?]) throws -> Float {
      let zoo = ZooInstance(
        try Zoo.model(named: "classifier"), ["copies": copies, "confidence": "0"],
        shape: Self.shape, classCount: 3)
      return try loss(
        zoo, ImageBatch(levels: zoo.batch(6).levels, labels: labels), step: 0, progress: 0)
    }
    let (none, all) = ([Int?](repeating: nil, count: 6), [0, 1, 2, 0, 1, 2] as [Int?])
    #expect(try losses("none", none) == 0)
    #expect(try losses("labelled", none) == 0)
    #expect(try losses("all", none) > 0)
    #expect(try losses("labelled", all) > losses("none", all))
  }
}
