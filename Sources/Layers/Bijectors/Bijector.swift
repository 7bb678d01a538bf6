public import Tensors

/// A smooth map with an inverse, whose determinant is cheap: what flows are made of (Rezende and Mohamed 2015, Variational
/// Inference with Normalizing Flows, section 3.1).
///
/// Values are float32, rows of any shape; whatever networks a map has inside may be computed in another type, since their results count the same on the
/// way back.
public protocol Bijector: Sendable {
  /// y of each row of x, and log |det ∂y/∂x|, float32 `[rows]`.
  ///
  /// - Parameters:
  ///   - condition: float32 `[rows, values]`, what the map depends on besides; nil for nothing.
  ///   - type: what networks are computed in.
  func forward(_ x: Tensor, condition: Tensor?, in type: ElementType) -> (
    Tensor, logDeterminants: Tensor
  )

  /// x of each row of y.
  func inverse(_ y: Tensor, condition: Tensor?, in type: ElementType) -> Tensor
}

/// Bijectors one after the other.
public struct BijectorChain: Bijector {
  private let parts: [any Bijector]

  /// The first part is applied first; a chain of none changes nothing.
  public init(_ parts: [any Bijector]) { self.parts = parts }

  /// Every part in turn; determinants multiply.
  public func forward(_ x: Tensor, condition: Tensor?, in type: ElementType) -> (
    Tensor, logDeterminants: Tensor
  ) {
    var (y, sum) = (x, Tensor(repeating: 0, shape: [x.shape[0]]))
    for part in parts {
      let (next, logDeterminants) = part.forward(y, condition: condition, in: type)
      (y, sum) = (next, sum + logDeterminants)
    }
    return (y, sum)
  }

  /// Every part's inverse, the last one's first.
  public func inverse(_ y: Tensor, condition: Tensor?, in type: ElementType) -> Tensor {
    parts.reversed().reduce(y) { $1.inverse($0, condition: condition, in: type) }
  }
}

/// Sums of each row's values, `[rows]`, whatever the shape of a row.
func rowSums(_ x: Tensor) -> Tensor {
  x.reshaped(to: [x.shape[0], x.count / x.shape[0]]).sum(axis: 1)
}
