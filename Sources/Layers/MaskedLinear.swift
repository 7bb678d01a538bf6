public import Tensors

/// An affine map of which an output sees only some inputs (Germain and others 2015, MADE: Masked Autoencoder for
/// Distribution Estimation, section 3): y = x (W ⊙ M)ᵀ + b, or where it is told which inputs it sees, x (W ⊙ M)ᵀ + b +
/// 1 (V ⊙ M)ᵀ (section 4.2).
///
/// Every input has a rank and every output a reach: M is 1 where the rank is below the reach, and else 0. Which mask is
/// chosen anew for every `masked(by:)`; W and V are `[outputs, inputs]`, b and V start at zero.
public struct MaskedLinear: Sendable {
  /// Float32 `[outputs, inputs]`.
  public let weight: Parameter
  /// Float32 `[outputs]`.
  public let bias: Parameter?
  /// Float32 `[outputs, inputs]`: what an input adds by being seen, whatever its value.
  public let presence: Parameter?

  /// Registers `weight`, unless switched off `bias`, and where asked for `presence` under `scope`.
  public init(
    _ scope: Scope, _ inputs: Int, _ outputs: Int, bias: Bool = true, presence: Bool = false,
    gain: Float = 1
  ) {
    weight = scope.parameter("weight", [outputs, inputs], .scaled(inputs: inputs, gain: gain))
    self.bias = bias ? scope.parameter("bias", [outputs], .constant(0)) : nil
    self.presence =
      presence ? scope.parameter("presence", [outputs, inputs], .constant(0)) : nil
  }

  /// The mask of inputs of these ranks and outputs of these reaches, float32 `[outputs, inputs]`.
  public static func mask(ranks: [Int], reaches: [Int]) -> Tensor {
    Tensor(ranks.map(Float.init), shape: [1, ranks.count])
      .less(than: Tensor(reaches.map(Float.init), shape: [reaches.count, 1]))
  }

  /// The map under a mask.
  public func masked(by mask: Tensor) -> Masked {
    precondition(mask.shape == weight.value.shape, "\(mask.shape) masks \(weight.value.shape)")
    var bias = bias?.value
    if let presence {
      let ofSeen = presence.value.kept(where: mask).sum(axis: 1)
      bias = bias.map { $0 + ofSeen } ?? ofSeen
    }
    return Masked(weight: weight.value.kept(where: mask), bias: bias)
  }

  /// A map whose mask is chosen: weights are masked once for as many products as are wanted.
  public struct Masked: Sendable {
    fileprivate let weight: Tensor
    fileprivate let bias: Tensor?

    /// `[..., inputs]` to `[..., outputs]`.
    public func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weights: weight, bias: bias) }
  }
}
