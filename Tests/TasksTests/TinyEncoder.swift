import Layers
import Models
import Tensors

/// A model that encodes and classifies by a fixed random projection: no training, no zoo.
struct TinyEncoder: Encoding, Classifying {
  struct Configuration: ModelConfiguration {
    static let settings: [Setting<Configuration>] = []
  }

  static let card = ModelCard(
    name: "tiny-encoder", family: "test", summary: "a random projection", citation: "none")

  let configuration = Configuration()
  let shape: ImageShape
  let classCount: Int
  let latentCount = 5
  let objectives: [Objective] = []
  var givesVariances = true
  private let weights: Tensor

  init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.init(shape: shape, classCount: classCount)
  }

  init(shape: ImageShape, classCount: Int = 0, givesVariances: Bool = true) {
    self.shape = shape
    self.classCount = classCount
    self.givesVariances = givesVariances
    weights = RandomSource(seed: 4, purpose: .testing).normal([
      latentCount + classCount, shape.dimensionCount,
    ])
  }

  func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
    let means = project(batch).sliced(0..<latentCount, axis: 1)
    return Encodings(means: means, variances: givesVariances ? means * means : nil)
  }

  func classProbabilities(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    project(batch).sliced(latentCount..<latentCount + classCount, axis: 1).softmax()
  }

  private func project(_ batch: ImageBatch) -> Tensor {
    // Rows of one size alone: a tile is always whole.
    precondition(batch.count == Tiles.size, "\(batch.count) images in a tile")
    return batch.scaled(levelCount: shape.levels, to: .float32)
      .reshaped(to: [batch.count, shape.dimensionCount]).linear(weights: weights)
  }
}
