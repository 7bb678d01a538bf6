import Tensors
import Testing

/// One operation with inputs to try it on: every law of operations runs over all of them.
struct OperationCase: CustomTestStringConvertible, Sendable {
  var name: String
  /// The first `activations` inputs may be bfloat16; the others are parameters, float32 always.
  var activations: Int
  var inputs: [Tensor]
  /// The largest error of bfloat16 beside float32, relative to the largest value.
  var roundingTolerance: Float = 0.02
  var operation: @Sendable ([Tensor]) -> Tensor

  var testDescription: String { name }

  init(
    _ name: String, _ shapes: [Shape], activations: Int? = nil, domain: Domain = .normal,
    _ operation: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.name = name
    self.activations = activations ?? shapes.count
    self.operation = operation
    inputs = shapes.enumerated().map { domain.values($1, index: $0) }
  }

  /// Which values an operation is tried on.
  enum Domain {
    /// Standard normal values.
    case normal
    /// Between 0.5 and 2.5.
    case positive
    /// Normal values at least 0.1 away from 0 and from 1, where some functions have kinks.
    case offKinks
    /// Values no two of which are nearer than 0.1.
    case distinct

    func values(_ shape: Shape, index: Int) -> Tensor {
      let random = RandomSource(seed: 5, purpose: .testing, index: UInt64(index))
      switch self {
      case .normal: return random.normal(shape)
      case .positive: return Tensor(random.uniforms(shape.count).map { 0.5 + 2 * $0 }, shape: shape)
      case .offKinks:
        return Tensor(
          random.normal(shape).values.map { value in
            let nearest = value < 0.5 ? Float(0) : 1
            let distance = value - nearest
            return abs(distance) > 0.1 ? value : nearest + (distance < 0 ? -0.1 : 0.1)
          }, shape: shape)
      case .distinct:
        let order = random.permutation(shape.count)
        return Tensor(order.map { (Float($0) - Float(shape.count) / 2) / 8 }, shape: shape)
      }
    }
  }
}
