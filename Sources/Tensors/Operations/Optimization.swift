import CKernels

/// The only operations that change a tensor in place: a parameter's update, its moments and its average, and a sum that is
/// made piece by piece.
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

  /// One step of descent with momentum on some elements of a float32 parameter; changes self and the velocity.
  package func updateByMomentum(
    gradient: Tensor, velocity: Tensor, learningRate: Float, momentum: Float, weightDecay: Float,
    gradientScale: Float, range: Range<Int>
  ) {
    precondition(gradient.shape == shape && velocity.shape == shape)
    let start = range.lowerBound
    buffer.hasChanged()
    kernels_momentum(
      floats + start, gradient.floats + start, velocity.floats + start, Int64(range.count),
      learningRate, momentum, weightDecay, gradientScale)
  }

  /// self += (1 - decay) (value - self) for some elements, in place.
  package func updateMovingAverage(of value: Tensor, decay: Float, range: Range<Int>) {
    precondition(value.shape == shape)
    buffer.hasChanged()
    kernels_moving_average(
      floats + range.lowerBound, value.floats + range.lowerBound, Int64(range.count), decay)
  }

  /// The same values in memory of their own.
  package var copied: Tensor {
    let copy = Tensor(uninitialized: shape, elementType)
    copy.pointer.copyMemory(from: pointer, byteCount: count * elementType.byteCount)
    return copy
  }
}

/// The sum of float32 tensors of one shape, made piece by piece so that threads can share the work.
package struct PiecewiseSum: Sendable {
  /// The sum, once every piece has been added; the part itself where there is but one.
  package let value: Tensor
  private let parts: [Tensor]

  /// A sum of at least one tensor that has no piece yet.
  package init(_ parts: [Tensor]) {
    precondition(parts.allSatisfy { $0.shape == parts[0].shape }, "parts of one shape")
    self.parts = parts
    value = parts.count == 1 ? parts[0] : Tensor(uninitialized: parts[0].shape)
  }

  /// Adds some elements and gives the sum of their squares, in float64; not finite where any of them is not.
  package func add(_ range: Range<Int>) -> Double {
    let pointers: [UnsafePointer<Float>?] = parts.map { UnsafePointer($0.floats) }
    return pointers.withUnsafeBufferPointer {
      kernels_sum_of_parts(
        $0.baseAddress, Int64(parts.count), Int64(range.lowerBound), Int64(range.count),
        parts.count == 1 ? nil : value.floats)
    }
  }
}
