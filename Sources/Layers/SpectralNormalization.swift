public import Tensors

/// Divides a layer's weights by their largest singular value, so that the layer stretches nothing (Miyato and others 2018,
/// Spectral Normalization for Generative Adversarial Networks, section 2.1).
///
/// The singular vector of the outputs is state: one power iteration a step follows the weights, which change slowly.
public struct SpectralNormalization: Sendable {
  /// Float32 `[outputs, 1]`, of length 1.
  public let left: StateTensor
  private let weight: Parameter

  /// Registers `left` under `scope`, for weights `[outputs, ...]`.
  public init(_ scope: Scope, _ weight: Parameter) {
    self.weight = weight
    left = scope.state("left", [weight.value.shape[0], 1], .normal(deviation: 1))
  }

  /// The weights as a matrix, `[outputs, inputs]`.
  private var matrix: Tensor {
    let value = weight.value
    return value.reshaped(to: [value.shape[0], value.count / value.shape[0]])
  }

  /// The singular vector of the inputs that belongs to `left`, `[1, inputs]`; a constant.
  private func right(_ left: Tensor) -> Tensor {
    Self.unit(left.transposed().multiplied(by: matrix.detached))
  }

  /// The normalised weights; the gradient heeds that their norm changes with them.
  public var value: Tensor {
    let left = Self.unit(left.value)
    let stretched = matrix * right(left)
    let norm = (stretched.sum(axis: 1).reshaped(to: left.shape) * left).sum()
    return weight.value / (norm + 1e-6)
  }

  /// Follows the weights by a power iteration.
  public func update() {
    let right = right(Self.unit(left.value))
    left.assign(Self.unit(matrix.detached.multiplied(by: right, transposingOther: true)))
  }

  private static func unit(_ vector: Tensor) -> Tensor {
    vector / (vector.squared().sum().squareRoot() + 1e-12)
  }
}
