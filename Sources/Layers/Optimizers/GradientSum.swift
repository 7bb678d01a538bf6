public import Tensors

/// The gradients of a step: the sums of those of its shards, in the shards' order.
///
/// The norm is found on the way: gradients do not fit into the caches, and every pass over them counts.
public struct GradientSum: Sendable {
  /// The sum for each parameter; nil where no shard gave any.
  public let values: [Tensor?]
  /// The Euclidean norm of all of them together; not finite where any element is not.
  public let norm: Float

  /// The sum of every shard's gradients, each given in the parameters' order.
  package init(shards: [[GradientPart]]) {
    let sums = (shards.first ?? []).indices.map { index -> PiecewiseSum? in
      let tensors = GradientPart.tensors(shards.map { $0[index] })
      return tensors.isEmpty ? nil : PiecewiseSum(tensors)
    }
    let pieces = ParameterPieces(counts: sums.map { $0?.value.count ?? 0 })
    norm = Float(pieces.sum { sums[$0.parameter]?.add($0.range) ?? 0 }.squareRoot())
    values = sums.map { $0?.value }
  }

  /// The gradients of a whole batch.
  public init(_ gradients: [Tensor?]) {
    self.init(shards: [gradients.map(GradientPart.init)])
  }

  /// What gradients are multiplied by so that their norm is at most this.
  func scale(clippedTo largest: Float) -> Float { norm > largest ? largest / norm : 1 }
}
