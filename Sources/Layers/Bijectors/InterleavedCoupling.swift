public import Tensors

/// An additive coupling between the values at even and at odd places of a row (Dinh, Krueger and Bengio 2015, NICE, section 3.2).
public struct InterleavedCoupling: Bijector {
  private let coupling: AdditiveCoupling
  private let movesOdd: Bool

  /// Registers the coupling under `scope`.
  ///
  /// - Parameters:
  ///   - count: values of a row.
  ///   - movesOdd: whether those at odd places are moved, by those at even ones, or the other way round.
  public init(
    _ scope: Scope, count: Int, movesOdd: Bool, condition: Int, layers: Int, hidden: Int
  ) {
    self.movesOdd = movesOdd
    let (even, odd) = ((count + 1) / 2, count / 2)
    coupling = AdditiveCoupling(
      scope, seeing: movesOdd ? even : odd, moving: movesOdd ? odd : even, condition: condition,
      layers: layers, hidden: hidden)
  }

  /// No volume changes.
  public func forward(_ x: Tensor, condition: Tensor?, in type: ElementType) -> (
    Tensor, logDeterminants: Tensor
  ) {
    var (even, odd) = x.deinterleaved()
    if movesOdd {
      odd = coupling.moved(odd, seeing: even, condition: condition, in: type)
    } else {
      even = coupling.moved(even, seeing: odd, condition: condition, in: type)
    }
    return (.interleaved(even, odd), Tensor(repeating: 0, shape: [x.shape[0]]))
  }

  /// The same part, moved back.
  public func inverse(_ y: Tensor, condition: Tensor?, in type: ElementType) -> Tensor {
    var (even, odd) = y.deinterleaved()
    if movesOdd {
      odd = coupling.movedBack(odd, seeing: even, condition: condition, in: type)
    } else {
      even = coupling.movedBack(even, seeing: odd, condition: condition, in: type)
    }
    return .interleaved(even, odd)
  }
}
