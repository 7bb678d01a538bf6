import Platform
public import Tensors

/// Values of an interval, drawn out to the whole line: log y / (1 - y) of y = α + (1 - 2 α) x (Dinh, Sohl-Dickstein and Bengio 2017,
/// Density Estimation Using Real NVP, section 4.1).
///
/// Without it a flow's draws would have to end at the edges of the interval by themselves.
public struct Logit: Bijector {
  private let margin: Float

  /// - Parameter margin: α, above 0 and below 1/2: how far from its ends the interval 0...1 comes to lie.
  public init(margin: Float) {
    precondition(margin > 0 && margin < 0.5)
    self.margin = margin
  }

  /// x in 0...1.
  public func forward(_ x: Tensor, condition: Tensor?, in type: ElementType) -> (
    Tensor, logDeterminants: Tensor
  ) {
    let inner = x.affine(1 - 2 * margin, margin)
    let (low, high) = (inner.log(), (1 - inner).log())
    let count = Float(x.count / x.shape[0])
    return (low - high, rowSums(low + high) * -1 + count * log(1 - 2 * margin))
  }

  /// x beyond 0...1 where y is beyond what the margin leaves.
  public func inverse(_ y: Tensor, condition: Tensor?, in type: ElementType) -> Tensor {
    (y.sigmoid() - margin) * (1 / (1 - 2 * margin))
  }
}
