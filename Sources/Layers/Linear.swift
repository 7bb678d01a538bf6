public import Tensors

/// The affine map `y = x Wᵀ + b` of the last axis.
///
/// W is `[outputs, inputs]`, initialised by `Initializer.scaled`; b starts at zero.
public struct Linear: Sendable {
  /// Float32 `[outputs, inputs]`.
  public let weight: Parameter
  /// Float32 `[outputs]`.
  public let bias: Parameter?

  /// Registers `weight` and, unless switched off, `bias` under `scope`.
  public init(_ scope: Scope, _ inputs: Int, _ outputs: Int, bias: Bool = true, gain: Float = 1) {
    weight = scope.parameter("weight", [outputs, inputs], .scaled(inputs: inputs, gain: gain))
    self.bias = bias ? scope.parameter("bias", [outputs], .constant(0)) : nil
  }

  /// `[..., inputs]` to `[..., outputs]`.
  ///
  /// - Parameter mask: a constant of the weights' shape, 0 where they do not count (Germain and others 2015, MADE, section 3).
  ///   Weights are masked once an update for each mask, so that one mask should be one tensor.
  public func callAsFunction(_ x: Tensor, mask: Tensor? = nil) -> Tensor {
    x.linear(weights: weight.value, bias: bias?.value, mask: mask)
  }
}
