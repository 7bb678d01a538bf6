package import Layers
package import Models
package import Tensors

/// A batch's loss and gradients, computed in shards side by side, each on one thread.
///
/// One thread a shard needs no barrier between operations: on a busy machine a barrier can cost milliseconds, and a
/// step has hundreds of operations. Shards are summed in order, so that the result does not depend on the number of
/// threads.
package struct ShardedGradients {
  /// Images of a shard: a quarter of the batch, at least 16 and at most 64.
  ///
  /// More images a shard are more rows a product, which dense layers need to be fast; fewer keep a
  /// shard's activations near. A function of the batch alone, so that results do not depend on the
  /// machine.
  package static func shardSize(batchSize: Int) -> Int {
    max(16, min(64, (batchSize + 3) / 4))
  }

  private let data: ImageDataset
  private let indices: [Int]
  private let seed: UInt64
  private let step: Int
  private let precision: ElementType

  /// The batch of these images, at this step of a training.
  package init(
    _ data: ImageDataset, _ indices: [Int], seed: UInt64, step: Int, precision: ElementType
  ) {
    self.data = data
    self.indices = indices
    self.seed = seed
    self.step = step
    self.precision = precision
  }

  /// The mean loss of the batch's images, and its gradients in the order of the objective's parameters.
  package func compute(_ objective: Objective) -> (loss: Float, gradients: [Tensor?]) {
    Self.compute(imageCount: indices.count, parameters: objective.parameters) { shard, range in
      let noise = RandomSource(seed: seed, purpose: .dropout).at(step * 4096 + shard)
      return objective.loss(
        data.batch(Array(indices[range])), Pass(precision, noise: noise, step: step))
    }
  }

  /// The mean loss of any batch, and its gradients in the order of the parameters.
  ///
  /// - Parameter loss: the mean loss of a shard's images: its number, and where in the batch it is.
  package static func compute(
    imageCount: Int, parameters: [Parameter],
    loss: @Sendable (_ shard: Int, _ range: Range<Int>) -> Tensor
  ) -> (loss: Float, gradients: [Tensor?]) {
    let size = shardSize(batchSize: imageCount)
    let count = (imageCount + size - 1) / size
    let variables = parameters.map(\.value)
    let shards = ThreadPool.map(count) { shard in
      let range = shard * size..<min(imageCount, (shard + 1) * size)
      let weight = Float(range.count) / Float(imageCount)
      let (value, gradients) = valueAndGradients(of: variables) { loss(shard, range) * weight }
      return Shard(loss: value.scalar, gradients: gradients)
    }
    guard let first = shards.first else { return (0, variables.map { _ in nil }) }
    return shards.dropFirst().reduce((first.loss, first.gradients)) { total, shard in
      (total.0 + shard.loss, zip(total.1, shard.gradients).map(sum))
    }
  }

  private struct Shard: Sendable {
    let loss: Float
    let gradients: [Tensor?]
  }

  private static func sum(_ left: Tensor?, _ right: Tensor?) -> Tensor? {
    guard let left, let right else { return left ?? right }
    return left + right
  }
}
