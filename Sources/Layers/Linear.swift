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
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.linear(weights: weight.value, bias: bias?.value)
  }
}
