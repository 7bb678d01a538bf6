import CKernels

/// The only operations that change a tensor in place: a parameter's update, its moments and its average.
extension Tensor {
  /// One step of Adam on some elements of a float32 parameter; changes self and both moments.
  package func updateByAdam(
    gradient: Tensor, firstMoment: Tensor, secondMoment: Tensor, learningRate: Float, beta1: Float,
    beta2: Float, epsilon: Float, weightDecay: Float, gradientScale: Float, step: Int,
    range: Range<Int>
  ) {
    precondition(gradient.shape == shape && firstMoment.shape == shape)
    let start = range.lowerBound
    buffer.hasChanged()
    kernels_adam(
      floats + start, gradient.floats + start, firstMoment.floats + start,
      secondMoment.floats + start, Int64(range.count), learningRate,
      beta1, beta2, epsilon, weightDecay, gradientScale, Int64(step))
  }

  /// self += (1 - decay) (value - self) for some elements, in place.
  package func updateMovingAverage(of value: Tensor, decay: Float, range: Range<Int>) {
    precondition(value.shape == shape)
    buffer.hasChanged()
    kernels_moving_average(
      floats + range.lowerBound, value.floats + range.lowerBound, Int64(range.count), decay)
  }

  /// The sum of squares of some elements of a float32 tensor, in float64; not finite where any of them is not.
  package func sumOfSquares(_ range: Range<Int>) -> Double {
    kernels_sum_of_squares(floats + range.lowerBound, Int64(range.count))
  }

  /// The same values in memory of their own.
  package var copied: Tensor {
    let copy = Tensor(uninitialized: shape, elementType)
    copy.pointer.copyMemory(from: pointer, byteCount: count * elementType.byteCount)
    return copy
  }
}
