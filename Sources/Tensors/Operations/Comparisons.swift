import CKernels

/// Choosing between two tensors, element by element, with broadcasting.
///
/// Comparisons give 1 where they hold and 0 elsewhere, in the operands' element type; no gradient flows
/// through them.
extension Tensor {
  /// 1 where this is less than the other.
  public func less(than other: Tensor) -> Tensor { Tensor.combined(KERNELS_LESS, self, other) }

  /// 1 where this is at most the other.
  public func atMost(_ other: Tensor) -> Tensor {
    Tensor.combined(KERNELS_LESS_OR_EQUAL, self, other)
  }

  /// 1 where both are equal.
  public func equal(to other: Tensor) -> Tensor { Tensor.combined(KERNELS_EQUAL, self, other) }

  /// The larger of two tensors; where they are equal, the gradient goes to the left.
  public static func maximum(_ left: Tensor, _ right: Tensor) -> Tensor {
    extreme(KERNELS_MAXIMUM, left, right) { right.atMost(left) }
  }

  /// The smaller of two tensors; where they are equal, the gradient goes to the left.
  public static func minimum(_ left: Tensor, _ right: Tensor) -> Tensor {
    extreme(KERNELS_MINIMUM, left, right) { left.atMost(right) }
  }

  /// `first` where the mask is not 0 and `second` where it is; what is not chosen may even be NaN.
  public static func select(_ mask: Tensor, _ first: Tensor, else second: Tensor) -> Tensor {
    let unmasked = mask.equal(to: Tensor(repeating: 0, shape: [], mask.elementType))
    return first.kept(where: mask.detached) + second.kept(where: unmasked)
  }

  /// The values where the mask is not 0, and 0 where it is.
  public func kept(where mask: Tensor) -> Tensor {
    let result = Tensor.combined(KERNELS_KEEP, self, mask)
    return result.recorded(from: [self]) { [shape, elementType] gradient in
      [Tensor.combined(KERNELS_KEEP, gradient, mask).summed(to: shape, elementType)]
    }
  }

  private static func extreme(
    _ function: kernels_binary_function, _ left: Tensor, _ right: Tensor,
    choosesLeft: @escaping () -> Tensor
  ) -> Tensor {
    let (ofLeft, ofRight) = (Operand(left), Operand(right))
    return combined(function, left, right).recorded(from: [left, right]) { gradient in
      let chosen = combined(KERNELS_MULTIPLY, gradient, choosesLeft())
      return [
        ofLeft.gradient { chosen },
        ofRight.gradient { combined(KERNELS_SUBTRACT, gradient, chosen) },
      ]
    }
  }
}
