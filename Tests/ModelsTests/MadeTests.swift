import Layers
import Models
import Platform
import Tensors
import TestSupport
import Testing

/// What a masked autoencoder sees, by back-propagating every output.
@Suite struct MadeTests {
  private static let grey = ImageShape(height: 3, width: 4, channels: 1, levels: 2)
  private static let instances = [
    ZooInstance(MaskedAutoencoder.self, ["hidden": "40"], shape: grey),
    ZooInstance(MaskedAutoencoder.self, ["hidden": "40", "direct": "0"], shape: grey),
    ZooInstance(
      MaskedAutoencoder.self, ["hidden": "40", "layers": "3", "direct": "0", "presence": "0"],
      shape: grey, classCount: 2),
    ZooInstance(
      MaskedAutoencoder.self, ["hidden": "40", "layers": "2"],
      shape: ImageShape(height: 3, width: 3, channels: 3, levels: 4)),
  ]

  private func model(_ zoo: ZooInstance) throws -> MaskedAutoencoder {
    try #require(zoo.shaken(deviation: 0.4).model as? MaskedAutoencoder)
  }

  /// The gradients of every output, one a copy of an image, to every pixel: whether any is not 0.
  private func seen(
    by model: MaskedAutoencoder, _ zoo: ZooInstance, _ parameters: (ImageBatch) -> Tensor
  ) -> [[Bool]] {
    let (pixels, size) = (zoo.shape.pixelCount, zoo.shape.dimensionCount)
    let width = model.distribution.parameterCount
    let image = zoo.batch(1, seed: 17).levels.values
    let levels = Tensor(
      (0..<pixels).flatMap { _ in image },
      shape: [pixels, zoo.shape.height, zoo.shape.width, zoo.shape.channels]
    ).variable
    let projection = RandomSource(seed: 31, purpose: .testing).normal([width]).values
    let picked = Tensor(shape: [pixels, zoo.shape.height, zoo.shape.width, width]) { buffer in
      buffer.update(repeating: 0)
      for pixel in 0..<pixels {
        for i in 0..<width { buffer[(pixel * pixels + pixel) * width + i] = projection[i] }
      }
    }
    let labels = [Int?](repeating: zoo.classCount > 0 ? 1 : nil, count: pixels)
    let (_, gradients) = valueAndGradients(of: [levels]) {
      (parameters(ImageBatch(levels: levels, labels: labels)) * picked).sum()
    }
    let jacobian = gradients[0]?.values ?? []
    return (0..<pixels).map { output in
      (0..<pixels).map { input in
        let start = output * size + input * zoo.shape.channels
        return jacobian[start..<start + zoo.shape.channels].contains { $0 != 0 }
      }
    }
  }

  @Test(arguments: instances)
  func outputsSeeExactlyTheirPredecessors(_ zoo: ZooInstance) throws {
    let model = try model(zoo)
    let raster = Array(0..<zoo.shape.pixelCount)
    for order in [raster, model.order(0), model.order(1), raster.reversed()] {
      let seen = seen(by: model, zoo) { model.parameters(of: $0, order: order, Pass()) }
      for (rank, output) in order.enumerated() {
        #expect(Set(raster.filter { seen[output][$0] }) == Set(order[..<rank]))
      }
    }
  }

  @Test(arguments: instances)
  func missingPixelsSeeExactlyTheKnownOnes(_ zoo: ZooInstance) throws {
    let (model, pixels) = (try model(zoo), zoo.shape.pixelCount)
    for share: Float in [0, 0.3, 0.8] {
      let missing = RandomSource(seed: 4, purpose: .testing).uniforms(pixels).map { $0 >= share }
      let all = (0..<pixels).flatMap { _ in missing }
      let seen = seen(by: model, zoo) { model.parameters(of: $0, missing: all, Pass()) }
      for output in 0..<pixels where missing[output] {
        #expect(seen[output] == missing.map { !$0 })
      }
    }
  }

  @Test func imagesOfOtherHolesAreComputedAsAlone() throws {
    let zoo = Self.instances[0]
    let (model, pixels) = (try model(zoo), zoo.shape.pixelCount)
    let batch = zoo.batch(70)
    let holes = (0..<70).map { image in (0..<pixels).map { ($0 + image % 5) % 3 == 0 } }
    let together = model.parameters(of: batch, missing: holes.flatMap { $0 }, Pass()).values
    let levels = batch.levels.values
    for image in [0, 1, 7, 69] {
      let one = ImageBatch(
        [Array(levels[image * pixels..<(image + 1) * pixels])], shape: zoo.shape)
      let alone = model.parameters(of: one, missing: holes[image], Pass()).values
      #expect(Array(together[image * pixels..<(image + 1) * pixels]) == alone)
    }
  }

  @Test func everyOrderAndTheirMeanSumToOne() throws {
    let zoo = ZooInstance(
      MaskedAutoencoder.self, shape: ImageShape(height: 2, width: 3, channels: 1, levels: 2))
    let model = try model(zoo)
    let images = (0..<64).map { number in (0..<6).map { Float((number >> $0) & 1) } }
    let batch = ImageBatch(images, shape: zoo.shape)
    let tables = (1...3).map { model.scores(batch, orders: $0, Pass()) }
    for table in tables { #expect(abs(table.reduce(0) { $0 + exp($1) } - 1) < 2e-5) }
    #expect(tables[0] == model.scores(batch, Pass()))
    #expect(!zip(tables[0], tables[1]).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func itLearnsTheOrdersThatItIsTold() throws {
    let zoo = ZooInstance(
      MaskedAutoencoder.self, ["orders": "2"], shape: Self.grey)
    let (model, batch) = (try model(zoo), zoo.batch(8))
    let expected = (0..<2).map { number -> Double in
      let losses = model.distribution.negativeLogLikelihood(
        parameters: model.parameters(of: batch, order: model.order(number), Pass()),
        levels: batch.levels)
      return Double(losses.sum().scalar) / 8
    }
    let found = (0..<20).map { step -> Int? in
      let noise = RandomSource(seed: 2, purpose: .dropout).at(step)
      let loss = Double(model.objectives[0].value(batch, Pass(noise: noise)).scalar)
      return expected.firstIndex { abs($0 - loss) < 1e-4 }
    }
    #expect(Set(found) == [0, 1])
    #expect(model.orderCount == 2)
  }
}
