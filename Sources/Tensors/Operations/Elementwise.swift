import CKernels

/// Functions of every element: arithmetic with numbers, powers, exponentials, bounds.
extension Tensor {
  /// The tensor with every sign turned.
  public static prefix func - (tensor: Tensor) -> Tensor { tensor.affine(-1, 0) }

  /// The sum of every element and a number.
  public static func + (left: Tensor, right: Float) -> Tensor { left.affine(1, right) }

  /// The sum of a number and every element.
  public static func + (left: Float, right: Tensor) -> Tensor { right.affine(1, left) }

  /// Every element less a number.
  public static func - (left: Tensor, right: Float) -> Tensor { left.affine(1, -right) }

  /// A number less every element.
  public static func - (left: Float, right: Tensor) -> Tensor { right.affine(-1, left) }

  /// Every element times a number.
  public static func * (left: Tensor, right: Float) -> Tensor { left.affine(right, 0) }

  /// A number times every element.
  public static func * (left: Float, right: Tensor) -> Tensor { right.affine(left, 0) }

  /// Every element divided by a number.
  public static func / (left: Tensor, right: Float) -> Tensor { left.affine(1 / right, 0) }

  /// A number divided by every element.
  public static func / (left: Float, right: Tensor) -> Tensor {
    right.mapped(KERNELS_RECIPROCAL, left)
  }

  /// The line `scale x + offset` of every element, in one pass.
  public func affine(_ scale: Float, _ offset: Float) -> Tensor {
    mapped(KERNELS_AFFINE, scale, offset)
  }

  /// The exponential of every element.
  public func exp() -> Tensor { mapped(KERNELS_EXP) }

  /// The natural logarithm of every element: -infinity at 0, NaN below.
  public func log() -> Tensor { mapped(KERNELS_LOG) }

  /// The square of every element.
  public func squared() -> Tensor { mapped(KERNELS_SQUARE) }

  /// The square root of every element.
  public func squareRoot() -> Tensor { mapped(KERNELS_SQUARE_ROOT) }

  /// The absolute value of every element; its slope at 0 is taken as 0.
  public func absolute() -> Tensor { mapped(KERNELS_ABSOLUTE) }

  /// Every element moved into `lowest ... highest`; no gradient flows where it was outside.
  public func clamped(_ lowest: Float, _ highest: Float) -> Tensor {
    precondition(lowest <= highest, "bounds \(lowest) and \(highest) in the wrong order")
    return mapped(KERNELS_CLAMP, lowest, highest)
  }

  /// A function of every element, recorded; its gradient is computed anew from the input.
  func mapped(_ function: kernels_unary_function, _ p: Float = 0, _ q: Float = 0) -> Tensor {
    let result = Tensor(uninitialized: shape, elementType)
    kernels_unary(function, p, q, elementType.kernels, pointer, result.pointer, Int64(count))
    return result.recorded(from: [self]) { [self] gradient in
      let input = Tensor(uninitialized: shape, elementType)
      kernels_unary_gradient(
        function, p, q, elementType.kernels, pointer, gradient.pointer, input.pointer,
        Int64(count))
      return [input]
    }
  }
}
