package import Layers
package import Models
package import Tensors

/// Gradients of this machine: a batch is computed in shards side by side, each on one thread.
///
/// One thread a shard needs no barrier between operations: on a busy machine a barrier can cost milliseconds, and a
/// step has hundreds of operations. What shards give is summed in their order, so that the result does not depend on the
/// number of threads.
package struct ShardedGradients: GradientSource {
  /// Images of a shard: a quarter of the batch, at least 16 and at most 64; a small batch is halved.
  ///
  /// More images a shard are more rows a product, which dense layers need to be fast; fewer keep a
  /// shard's activations near. A function of the batch alone, so that results do not depend on the
  /// machine.
  package static func shardSize(batchSize: Int) -> Int {
    max(min(16, (batchSize + 1) / 2), min(64, (batchSize + 3) / 4))
  }

  private let data: ImageDataset
  private let seed: UInt64
  private let precision: ElementType
  private let transforms: TransformStrength

  /// The steps of a training on these images.
  ///
  /// - Parameter transforms: how much each image is moved about, by the numbers of (seed, step, its place in the batch).
  package init(
    _ data: ImageDataset, seed: UInt64, precision: ElementType,
    transforms: TransformStrength = .none
  ) {
    self.data = data
    self.seed = seed
    self.precision = precision
    self.transforms = transforms
  }

  package func batch(_ indices: [Int], step: Int) -> ImageBatch {
    batch(indices, step: step, first: 0)
  }

  private func batch(_ indices: [Int], step: Int, first: Int) -> ImageBatch {
    data.batch(indices, transforms: transforms, seed: seed, step: step, first: first)
  }

  package func gradients(
    of objective: Objective, _ indices: [Int], step: Int, progress: Double
  ) -> (value: Float, gradients: GradientSum) {
    let size = Self.shardSize(batchSize: indices.count)
    let count = (indices.count + size - 1) / size
    let variables = objective.parameters.map(\.value)
    let shards = ThreadPool.map(count) { shard in
      let part = Array(indices[shard * size..<min(indices.count, (shard + 1) * size)])
      let batch = batch(part, step: step, first: shard * size)
      let noise = RandomSource(seed: seed, purpose: .dropout).at(step * 4096 + shard)
      let weight = Float(part.count) / Float(indices.count)
      let (value, gradients) = valueAndGradientParts(of: variables) {
        objective.value(
          batch,
          Pass(precision, noise: noise, step: step, progress: progress, shard: (shard, count)))
          * weight
      }
      return Shard(value: value.scalar, gradients: gradients)
    }
    return (shards.map(\.value).reduce(0, +), GradientSum(shards: shards.map(\.gradients)))
  }

  private struct Shard: Sendable {
    let value: Float
    let gradients: [GradientPart]
  }
}
