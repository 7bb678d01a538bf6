import CKernels

/// Probabilities out of scores, over the last axis.
extension Tensor {
  /// `exp(x) / sum exp(x)` over the last axis.
  public func softmax() -> Tensor { softmax(KERNELS_SOFTMAX) }

  /// `x - log sum exp(x)` over the last axis.
  public func logSoftmax() -> Tensor { softmax(KERNELS_LOG_SOFTMAX) }

  private func softmax(_ function: kernels_softmax_function) -> Tensor {
    let (size, rows) = (Int64(shape[-1]), Int64(shape.removing(-1).count))
    let result = Tensor(uninitialized: shape, elementType)
    kernels_softmax(function, elementType.kernels, pointer, rows, size, result.pointer)
    return result.recorded(from: [self]) { gradient in
      let input = Tensor(uninitialized: result.shape, result.elementType)
      kernels_softmax_gradient(
        function, result.elementType.kernels, result.pointer, gradient.pointer, rows, size,
        input.pointer)
      return [input]
    }
  }
}
