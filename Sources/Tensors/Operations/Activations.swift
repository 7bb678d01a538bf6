import CKernels

/// The functions between the layers of a network.
extension Tensor {
  /// The hyperbolic tangent of every element.
  public func tanh() -> Tensor { mapped(KERNELS_TANH) }

  /// The logistic function `1 / (1 + exp(-x))`.
  public func sigmoid() -> Tensor { mapped(KERNELS_SIGMOID) }

  /// `log(1 + exp(x))`, accurate for large arguments of either sign.
  public func softplus() -> Tensor { mapped(KERNELS_SOFTPLUS) }

  /// `log(sigmoid(x))`, which is `-softplus(-x)`.
  public func logSigmoid() -> Tensor { -(-self).softplus() }

  /// The rectifier: x where positive, `slope` x elsewhere (a leaky one where the slope is not 0).
  public func relu(slope: Float = 0) -> Tensor { mapped(KERNELS_RELU, slope) }

  /// The exponential linear unit: x where positive, `alpha (exp(x) - 1)` elsewhere.
  public func elu(alpha: Float = 1) -> Tensor { mapped(KERNELS_ELU, alpha) }

  /// The sigmoid linear unit `x sigmoid(x)`, also called swish.
  public func silu() -> Tensor { mapped(KERNELS_SILU) }
}
