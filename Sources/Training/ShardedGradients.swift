package import Layers
package import Models
package import Tensors

/// A batch's loss and gradients, computed in shards side by side, each on one thread.
///
/// One thread a shard needs no barrier between operations: on a busy machine a barrier can cost milliseconds, and a
/// step has hundreds of operations. What shards give is summed in their order, so that the result does not depend on the
/// number of threads.
package struct ShardedGradients {
  /// Images of a shard: a quarter of the batch, at least 16 and at most 64; a small batch is halved.
  ///
  /// More images a shard are more rows a product, which dense layers need to be fast; fewer keep a
  /// shard's activations near. A function of the batch alone, so that results do not depend on the
  /// machine.
  package static func shardSize(batchSize: Int) -> Int {
    max(min(16, (batchSize + 1) / 2), min(64, (batchSize + 3) / 4))
  }

  private let data: ImageDataset
  private let indices: [Int]
  private let seed: UInt64
  private let step: Int
  private let precision: ElementType
  private let transforms: TransformStrength

  /// The batch of these images, at this step of a training.
  ///
  /// - Parameter transforms: how much each image is moved about, by the numbers of (seed, step, its place in the batch).
  package init(
    _ data: ImageDataset, _ indices: [Int], seed: UInt64, step: Int, precision: ElementType,
    transforms: TransformStrength = .none
  ) {
    self.data = data
    self.indices = indices
    self.seed = seed
    self.step = step
    self.precision = precision
    self.transforms = transforms
  }

  /// The mean loss of the batch's images, and its gradients in the order of the objective's parameters.
  package func compute(_ objective: Objective) -> (loss: Float, gradients: GradientSum) {
    let size = Self.shardSize(batchSize: indices.count)
    let count = (indices.count + size - 1) / size
    let variables = objective.parameters.map(\.value)
    let shards = ThreadPool.map(count) { shard in
      let part = Array(indices[shard * size..<min(indices.count, (shard + 1) * size)])
      let batch = data.batch(part).warped(
        transforms, shape: data.shape, RandomSource(seed: seed, purpose: .transforms).at(step),
        first: shard * size, isElastic: true)
      let noise = RandomSource(seed: seed, purpose: .dropout).at(step * 4096 + shard)
      let weight = Float(part.count) / Float(indices.count)
      let (loss, gradients) = valueAndGradientParts(of: variables) {
        objective.loss(batch, Pass(precision, noise: noise, step: step)) * weight
      }
      return Shard(loss: loss.scalar, gradients: gradients)
    }
    return (shards.map(\.loss).reduce(0, +), GradientSum(shards: shards.map(\.gradients)))
  }

  private struct Shard: Sendable {
    let loss: Float
    let gradients: [GradientPart]
  }
}
