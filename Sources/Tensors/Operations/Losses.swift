import CKernels

/// Negative log-likelihoods of discrete outcomes, in nats, always float32.
extension Tensor {
  /// The Bernoulli negative log-likelihood `log(1 + exp(x)) - x t` of every element, self being the logits.
  ///
  /// - Parameter targets: of the same shape, in 0 ... 1; constants.
  /// - Returns: float32 of the same shape.
  public func sigmoidCrossEntropy(_ targets: Tensor) -> Tensor {
    precondition(shape == targets.shape, "logits \(shape) and targets \(targets.shape)")
    let result = Tensor(uninitialized: shape)
    let size = Int64(count)
    kernels_sigmoid_cross_entropy(
      elementType.kernels, pointer, targets.elementType.kernels, targets.pointer, size,
      result.floats)
    return result.recorded(from: [self]) { [self, targets = targets.detached] gradient in
      let input = Tensor(uninitialized: shape, elementType)
      kernels_sigmoid_cross_entropy_gradient(
        elementType.kernels, pointer, targets.elementType.kernels, targets.pointer,
        gradient.floats, size, input.pointer)
      return [input]
    }
  }

  /// The categorical negative log-likelihood `log sum exp(x) - x[t]` of every row of the last axis, self
  /// being the logits.
  ///
  /// - Parameter targets: a class for every row, in row-major order.
  /// - Returns: float32 of the shape without its last axis.
  public func softmaxCrossEntropy(_ targets: [Int32]) -> Tensor {
    let classes = shape[-1]
    let result = Tensor(uninitialized: shape.removing(-1))
    precondition(targets.count == result.count, "\(targets.count) targets for logits \(shape)")
    precondition(
      targets.allSatisfy { $0 >= 0 && $0 < classes }, "a target is none of \(classes) classes")
    let (rows, size) = (Int64(targets.count), Int64(classes))
    let logSums = Tensor(uninitialized: result.shape)
    kernels_softmax_cross_entropy(
      elementType.kernels, pointer, targets, rows, size, result.floats, logSums.floats)
    return result.recorded(from: [self]) { [self] gradient in
      let input = Tensor(uninitialized: shape, elementType)
      kernels_softmax_cross_entropy_gradient(
        elementType.kernels, pointer, targets, logSums.floats, gradient.floats, rows, size,
        input.pointer)
      return [input]
    }
  }
}
