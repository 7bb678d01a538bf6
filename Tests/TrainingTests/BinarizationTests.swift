import Images
import Layers
import Models
import Tensors
import TestSupport
import Testing
import Training

/// Two levels of many.
@Suite struct BinarizationTests {
  /// Images of one shade each, 0, 51, 128 and 255, a thousand pixels.
  private static let shades: [UInt8] = [0, 51, 128, 255]

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for shade in Self.shades {
      let pixels = [UInt8](repeating: shade, count: 1000)
      try folder.write(
        Image(width: 40, height: 25, format: .grey, pixels: pixels), to: "\(shade).png")
    }
    return folder
  }

  private func load(_ how: Binarization, seed: UInt64 = 0) throws -> ImageDataset {
    var loader = DatasetLoader()
    loader.binarization = how
    loader.drawingSeed = seed
    let folder = try folder()
    return try withExtendedLifetime(folder) { try loader.load(folder.path) }
  }

  /// The mean level of each image of a batch, by shade.
  private func means(_ batch: ImageBatch) -> [Float] {
    batch.levels.reshaped(to: [batch.count, 1000]).mean(axes: [1]).values
  }

  @Test func aThresholdPartsTheShades() throws {
    let images = try load(.threshold)
    #expect(images.shape == ImageShape(height: 25, width: 40, channels: 1, levels: 2))
    #expect(!images.isDrawn)
    // In byte order of the names: 0, 128, 255, 51.
    #expect(means(images.batch([0, 1, 2, 3])) == [0, 1, 1, 0])
  }

  @Test func shadesAreProbabilities() throws {
    let images = try load(.dynamic)
    #expect(images.shape.levels == 2 && images.isDrawn)
    let means = means(images.batch([0, 1, 2, 3]))
    #expect(means[0] == 0 && means[2] == 1)
    #expect(abs(means[1] - 128.0 / 255) < 0.05 && abs(means[3] - 0.2) < 0.04)
  }

  /// Where nothing is learnt an image is drawn once: whatever is beside it, and by the seed.
  @Test func anImageIsDrawnOnce() throws {
    let images = try load(.dynamic)
    let all = images.batch([0, 1, 2, 3]).levels
    let alone = images.subset([1]).batch([0]).levels.values
    #expect(all.sliced(1..<2, axis: 0).values == alone)
    #expect(try load(.dynamic).batch([0, 1, 2, 3]).levels.values == all.values)
    let other = try load(.dynamic, seed: 1)
    #expect(other.batch([1]).levels.values != alone)
    #expect(other.fingerprint != images.fingerprint)
    #expect(try load(.threshold).fingerprint != images.fingerprint)
  }

  /// A step draws anew, and the same again for the same step, in any shards.
  @Test(arguments: [TransformStrength.none, .light])
  func learningDrawsAnew(_ transforms: TransformStrength) throws {
    let images = try load(.dynamic)
    let source = ShardedGradients(images, seed: 3, precision: .float32, transforms: transforms)
    func levels(_ step: Int) -> [Float] { source.batch([0, 1, 2, 3, 1], step: step).levels.values }
    #expect(levels(5) == levels(5))
    #expect(levels(5) != levels(6))
    let drawn = levels(5)
    // One image twice in a batch is two.
    #expect(drawn[1000..<2000] != drawn[4000..<5000])
    #expect(Set(drawn) == [0, 1])
    // What shards see is what the batch is: a loss that tells each pixel's place and level apart.
    let parameter = ParameterStore(seed: 1).root.parameter("scale", [1], .constant(1))
    let objective = Objective(name: "sum", parameters: [parameter]) { batch, _ in
      let weights = Tensor((0..<1000).map { Float($0 % 37) }, shape: [1, 25, 40, 1])
      return (batch.levels * weights * parameter.value).sum() * (1 / Float(batch.count))
    }
    let indices = (0..<40).map { $0 % 4 }
    let value = source.gradients(of: objective, indices, step: 5, progress: 0).value
    let whole = objective.value(source.batch(indices, step: 5), Pass()).scalar
    #expect(abs(value - whole) < 1e-3 * whole)
  }
}
