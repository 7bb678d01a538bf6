import Layers
import Models
import Tensors
import TestSupport
import Testing
import Training

/// A batch in shards.
@Suite(.serialized) struct ShardTests {
  @Test func sizesDependOnTheBatchAlone() {
    let batches = [1, 2, 15, 16, 32, 64, 65, 100, 128, 256, 257, 5000]
    let sizes = batches.map(ShardedGradients.shardSize)
    #expect(sizes == [1, 1, 8, 8, 16, 16, 17, 25, 32, 64, 64, 64])
  }

  @Test(arguments: [0, 7])
  func lossesAreToldTheStep(_ step: Int) throws {
    let folder = try Pictures.folder(40)
    let images = try DatasetLoader().load(folder.path)
    let parameter = ParameterStore(seed: 1).root.parameter("scale", [1], .constant(2))
    let objective = Objective(name: "steps", parameters: [parameter]) { _, pass in
      (parameter.value * Float(pass.learning?.step ?? 0)).sum()
    }
    let source = ShardedGradients(images, seed: 1, precision: .float32)
    let value = source.gradients(of: objective, Array(0..<40), step: step, progress: 0).value
    #expect(abs(value - Float(2 * step)) < 1e-4)
    #expect(!Pass().isLearning)
  }

  private static let models = [
    ("pixelcnn", ["layers": "2", "channels": "6", "label-dropout": "0"]),
    ("autoencoder", ["network": "dense", "hidden": "300", "latent": "5"]),
  ]

  @Test(arguments: [1, 15, 16, 17, 50, 130, 257], models)
  func shardsAreTheBatch(_ count: Int, _ model: (name: String, settings: [String: String])) throws {
    let folder = try Pictures.folder(50)
    let images = try DatasetLoader().load(folder.path)
    let objective = try Self.objective(model, images)
    let indices = (0..<count).map { ($0 * 7) % 50 }
    let (loss, gradients) = Self.compute(objective, images, indices, .float32, threads: 2)
    let (whole, wholes) = valueAndGradients(of: objective.parameters.map(\.value)) {
      objective.value(images.batch(indices), Pass())
    }
    #expect(abs(whole.scalar - loss) < 1e-4 * abs(loss))
    for (index, parameter) in objective.parameters.enumerated() {
      guard let mine = gradients[index], let theirs = wholes[index] else {
        Issue.record("\(parameter.name) has no gradient")
        continue
      }
      let difference = Comparison.differenceByLargest(mine, theirs, tolerance: 1e-3)
      #expect(difference == nil, "\(parameter.name)")
    }
  }

  /// A library that shares a product among threads may cut a sum over thousands of images in parts.
  @Test(arguments: [40, 300, 2048], ElementType.allCases)
  func bitsDoNotDependOnThreads(_ count: Int, _ precision: ElementType) throws {
    let folder = try Pictures.folder(50)
    let images = try DatasetLoader().load(folder.path)
    for model in Self.models where count < 1000 || model.0 == "autoencoder" {
      let objective = try Self.objective(model, images)
      let indices = (0..<count).map { ($0 * 7) % 50 }
      let (loss, gradients) = Self.compute(objective, images, indices, precision, threads: 1)
      // Else they might depend on nothing at all.
      let (lossOfOne, gradientsOfOne) = Self.compute(
        objective, images, indices.map { _ in 0 }, precision, threads: 1)
      #expect(loss != lossOfOne)
      let alike = gradients.indices.filter {
        gradients[$0]?.values == gradientsOfOne[$0]?.values
      }
      #expect(alike.map { objective.parameters[$0].name } == [])
      for threads in [2, 5] {
        let (other, others) = Self.compute(objective, images, indices, precision, threads: threads)
        #expect(loss == other)
        let unlike = gradients.indices.filter { gradients[$0]?.values != others[$0]?.values }
        #expect(unlike.map { objective.parameters[$0].name } == [])
      }
    }
  }

  private static func objective(
    _ model: (name: String, settings: [String: String]), _ images: ImageDataset
  ) throws -> Objective {
    try ModelInstance(
      named: model.name, settings: model.settings, shape: images.shape, classCount: 2, seed: 3
    ).model.objectives[0]
  }

  private static func compute(
    _ objective: Objective, _ images: ImageDataset, _ indices: [Int], _ precision: ElementType,
    threads: Int
  ) -> (loss: Float, gradients: [Tensor?]) {
    let present = ThreadPool.threads
    ThreadPool.threads = threads
    defer { ThreadPool.threads = present }
    let (loss, gradients) = ShardedGradients(images, seed: 1, precision: precision)
      .gradients(of: objective, indices, step: 0, progress: 0)
    return (loss, gradients.values)
  }
}
