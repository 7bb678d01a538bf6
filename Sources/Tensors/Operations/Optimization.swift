import CKernels

/// The only operations that change a tensor in place: a parameter's update, its moments and its average.
extension Tensor {
  /// One step of Adam on a float32 parameter; changes self and both moments.
  package func updateByAdam(
    gradient: Tensor, firstMoment: Tensor, secondMoment: Tensor, learningRate: Float, beta1: Float,
    beta2: Float, epsilon: Float, weightDecay: Float, gradientScale: Float, step: Int
  ) {
    precondition(gradient.shape == shape && firstMoment.shape == shape)
    buffer.hasChanged()
    kernels_adam(
      floats, gradient.floats, firstMoment.floats, secondMoment.floats, Int64(count), learningRate,
      beta1, beta2, epsilon, weightDecay, gradientScale, Int64(step))
  }

  /// self += (1 - decay) (value - self), in place.
  package func updateMovingAverage(of value: Tensor, decay: Float) {
    precondition(value.shape == shape)
    buffer.hasChanged()
    kernels_moving_average(floats, value.floats, Int64(count), decay)
  }

  /// The sum of squares of a float32 tensor, in float64; not finite where any value is not.
  package var sumOfSquares: Double { kernels_sum_of_squares(floats, Int64(count)) }

  /// The same values in memory of their own.
  package var copied: Tensor {
    let copy = Tensor(uninitialized: shape, elementType)
    copy.pointer.copyMemory(from: pointer, byteCount: count * elementType.byteCount)
    return copy
  }
}
