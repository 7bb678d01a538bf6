import Platform
import Tensors

/// How a parameter's first values are drawn.
public enum Initializer: Sendable {
  /// One value everywhere.
  case constant(Float)
  /// Uniform in `(-bound, bound)`.
  case uniform(bound: Float)
  /// Normal with this standard deviation.
  case normal(deviation: Float)

  /// Uniform with bound `gain * sqrt(3 / inputs)`, so that a layer's outputs keep `gain` times the
  /// spread of its inputs (LeCun and others 1998, section 4.6; He and others 2015 take a gain of √2
  /// before relu).
  public static func scaled(inputs: Int, gain: Float = 1) -> Initializer {
    .uniform(bound: gain * sqrtf(3 / Float(max(1, inputs))))
  }

  func values(_ shape: Shape, _ random: RandomSource) -> Tensor {
    switch self {
    case .constant(let value): return Tensor(repeating: value, shape: shape)
    case .normal(let deviation):
      let values = random.normal(shape)
      values.updateInPlace { buffer in for i in buffer.indices { buffer[i] *= deviation } }
      return values
    case .uniform(let bound):
      let values = random.uniform(shape)
      values.updateInPlace { buffer in
        for i in buffer.indices { buffer[i] = (2 * buffer[i] - 1) * bound }
      }
      return values
    }
  }
}
