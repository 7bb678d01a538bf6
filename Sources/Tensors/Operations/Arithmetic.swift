import CKernels

/// Elementwise arithmetic of two tensors with NumPy's broadcasting.
///
/// Both have one element type, which is the result's. One mixture is allowed: a float32 operand that is
/// broadcast, such as a bias, beside a bfloat16 one gives bfloat16, and its own gradient stays float32.
extension Tensor {
  /// The sum of two tensors.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    let (ofLeft, ofRight) = (Operand(left), Operand(right))
    return combined(KERNELS_ADD, left, right).recorded(from: [left, right]) { gradient in
      [ofLeft.gradient { gradient }, ofRight.gradient { gradient }]
    }
  }

  /// The difference of two tensors.
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    let (ofLeft, ofRight) = (Operand(left), Operand(right))
    return combined(KERNELS_SUBTRACT, left, right).recorded(from: [left, right]) { gradient in
      [ofLeft.gradient { gradient }, ofRight.gradient { gradient }?.opposite]
    }
  }

  /// The product of two tensors, element by element.
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    let (ofLeft, ofRight) = (Operand(left), Operand(right))
    return combined(KERNELS_MULTIPLY, left, right).recorded(from: [left, right]) { gradient in
      [
        ofLeft.gradient { combined(KERNELS_MULTIPLY, gradient, right) },
        ofRight.gradient { combined(KERNELS_MULTIPLY, gradient, left) },
      ]
    }
  }

  /// The quotient of two tensors, element by element.
  public static func / (left: Tensor, right: Tensor) -> Tensor {
    let result = combined(KERNELS_DIVIDE, left, right)
    let (ofLeft, ofRight) = (Operand(left), Operand(right))
    return result.recorded(from: [left, right]) { gradient in
      let scaled = combined(KERNELS_DIVIDE, gradient, right)
      return [
        ofLeft.gradient { scaled },
        ofRight.gradient { combined(KERNELS_MULTIPLY, scaled, result) }?.opposite,
      ]
    }
  }

  /// The sum with a tensor of the same shape and type, unrecorded, in this one's memory where nobody else holds it.
  consuming func accumulating(_ other: Tensor) -> Tensor {
    precondition(shape == other.shape && elementType == other.elementType, "sums of one shape")
    var sum = consume self
    guard sum.isAlone else { return Tensor.combined(KERNELS_ADD, sum, other) }
    sum.buffer.hasChanged()
    kernels_add_to(
      sum.elementType.kernels, sum.pointer, other.pointer, Int64(other.count))
    return sum.detached
  }

  private var opposite: Tensor {
    Tensor.combined(KERNELS_SUBTRACT, Tensor(repeating: 0, shape: [], elementType), self)
  }

  /// A function of two tensors, unrecorded.
  static func combined(
    _ function: kernels_binary_function, _ left: Tensor, _ right: Tensor
  ) -> Tensor {
    let shape = left.shape.broadcast(with: right.shape)
    let result = Tensor(uninitialized: shape, resultType(left, right, shape))
    kernels_binary(
      function, left.view(broadcastTo: shape), right.view(broadcastTo: shape),
      result.elementType.kernels, result.pointer, Int64(shape.count))
    return result
  }

  private static func resultType(_ left: Tensor, _ right: Tensor, _ shape: Shape) -> ElementType {
    if left.elementType == right.elementType { return left.elementType }
    let wide = left.elementType == .float32 ? left : right
    precondition(
      wide.count < shape.count || wide.count == 1,
      "\(left.elementType) and \(right.elementType) meet: convert one of them")
    return .bfloat16
  }
}
