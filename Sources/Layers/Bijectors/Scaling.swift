public import Tensors

/// A scale for every value of a row, exp(10 s + 1.8) (Dinh, Krueger and Bengio 2015, NICE, section 3.3).
///
/// At first, values that vary by 0.3 get the spread of the logistic distribution. One that hardly varies needs a scale of hundreds, which
/// the rate that suits networks would take long to come to: hence the factor.
public struct Scaling: Bijector {
  private let scales: Parameter

  /// Registers `name` under `scope`.
  public init(_ scope: Scope, _ name: String, count: Int) {
    scales = scope.parameter(name, [count], .constant(0))
  }

  private var logScales: Tensor { scales.value.affine(10, 1.8) }

  /// `[rows, values]`.
  public func forward(_ x: Tensor, condition: Tensor?, in type: ElementType) -> (
    Tensor, logDeterminants: Tensor
  ) {
    let logScales = logScales
    return (x * logScales.exp(), logScales.sum().broadcast(to: [x.shape[0]]))
  }

  /// `[rows, values]`.
  public func inverse(_ y: Tensor, condition: Tensor?, in type: ElementType) -> Tensor {
    y * (logScales * -1).exp()
  }
}
