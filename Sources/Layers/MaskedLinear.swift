public import Tensors

/// An affine map of which an output sees only some inputs (Germain and others 2015, MADE: Masked Autoencoder for
/// Distribution Estimation, section 3): y = x (W ⊙ M)ᵀ + b, or where it is told which inputs it sees, x (W ⊙ M)ᵀ + b +
/// 1 (V ⊙ M)ᵀ (section 4.2).
///
/// As a rule every input has a rank and every output a reach: M is 1 where the rank is below the reach, and else 0. Which mask is
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

  /// The map under a mask of ranks and reaches, learnt or not.
  public func masked(by mask: LinearMask) -> Masked {
    guard !weight.value.isLearned else {
      return Masked(
        weight: weight.value, mask: mask, bias: bias?.value, presence: presence?.value)
    }
    // Weights that stay are masked once for as many products as are wanted.
    let ofSeen = presence.map { mask.masked($0.value).sum(axis: 1) }
    let shift = bias.map { bias in ofSeen.map { bias.value + $0 } ?? bias.value } ?? ofSeen
    return Masked(weight: mask.masked(weight.value), mask: nil, bias: shift, presence: nil)
  }

  /// The map under any mask, float32 `[outputs, inputs]` of zeros and ones.
  public func masked(by mask: Tensor) -> Masked {
    precondition(mask.shape == weight.value.shape, "\(mask.shape) masks \(weight.value.shape)")
    precondition(presence == nil, "what is seen is told under masks of ranks")
    return Masked(
      weight: weight.value.kept(where: mask), mask: nil, bias: bias?.value, presence: nil)
  }

  /// A map whose mask is chosen.
  public struct Masked: Sendable {
    fileprivate let weight: Tensor
    /// What is left to be masked while products are made.
    fileprivate let mask: LinearMask?
    fileprivate let bias: Tensor?
    /// What is still to be added to the bias of each output; nil for nothing.
    fileprivate let presence: Tensor?

    /// `[..., inputs]` to `[..., outputs]`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
      var bias = bias
      if let presence {
        let all = Tensor(repeating: 1, shape: [1, presence.shape[1]])
        let ofSeen = all.linear(weights: presence, mask: mask).reshaped(to: [presence.shape[0]])
        bias = bias.map { $0 + ofSeen } ?? ofSeen
      }
      return x.linear(weights: weight, bias: bias, mask: mask)
    }
  }
}
