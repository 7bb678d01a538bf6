public import Tensors

/// An additive coupling (Dinh, Krueger and Bengio 2015, NICE, section 3.2): one part of the values is moved by what a
/// network of rectified layers makes of the other part, `b + m(a)`.
///
/// Its inverse is `b - m(a)`, and the determinant of its Jacobian is 1, whatever the network.
public struct AdditiveCoupling: Sendable {
  private let first: Linear
  private let fromCondition: Linear?
  private let between: [Linear]
  private let last: Linear

  /// Registers the network under `scope`.
  ///
  /// - Parameters:
  ///   - seen: values of the part that the network sees.
  ///   - moved: values of the part that is moved.
  ///   - condition: values that the network is given besides; 0 for none.
  ///   - layers: hidden layers, at least one.
  ///   - hidden: features of each.
  public init(
    _ scope: Scope, seeing seen: Int, moving moved: Int, condition: Int = 0, layers: Int,
    hidden: Int
  ) {
    precondition(layers > 0)
    let gain = Float(2).squareRoot()
    first = Linear(scope / "fc1", seen, hidden, gain: gain)
    fromCondition =
      condition > 0 ? Linear(scope / "condition", condition, hidden, bias: false) : nil
    between = (1..<layers).map { Linear(scope / "fc\($0 + 1)", hidden, hidden, gain: gain) }
    // Close to the identity at first, which every image passes unharmed.
    last = Linear(scope / "shift", hidden, moved, gain: 0.1)
  }

  /// m(a), float32.
  ///
  /// - Parameters:
  ///   - part: float32 `[rows, seen]`.
  ///   - condition: float32 `[rows, condition]`, where the network is given one.
  ///   - type: what the hidden layers are computed in. The last layer is always float32: where the values spread little,
  ///     a shift that is rounded to bfloat16 is off by more than they do.
  public func shift(seeing part: Tensor, condition: Tensor? = nil, in type: ElementType) -> Tensor {
    var features = first(part.converted(to: type))
    if let fromCondition {
      guard let condition else { preconditionFailure("the coupling has a condition") }
      features = features + fromCondition(condition.converted(to: type))
    }
    for layer in between { features = layer(features.relu()) }
    return last(features.relu().converted(to: .float32))
  }

  /// b + m(a).
  public func moved(
    _ part: Tensor, seeing other: Tensor, condition: Tensor? = nil, in type: ElementType
  ) -> Tensor {
    part + shift(seeing: other, condition: condition, in: type)
  }

  /// b - m(a): what `moved` makes b + m(a) of.
  public func movedBack(
    _ part: Tensor, seeing other: Tensor, condition: Tensor? = nil, in type: ElementType
  ) -> Tensor {
    part - shift(seeing: other, condition: condition, in: type)
  }
}
