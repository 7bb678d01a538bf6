import CKernels

extension Tensor {
  /// The states of long short-term memory along a sequence of rows, whose gates read the states of the row before.
  ///
  /// They read them by a convolution along the row (van den Oord and others 2016, Pixel Recurrent Neural Networks, equation
  /// 3): i, f, o, g = a + K * h, the cell is σ(f + 1) c + σ(i) tanh(g) and the state σ(o) tanh of it; both are zeros at first.
  ///
  /// One operation for all steps, as `gatedRecurrence` is.
  ///
  /// Self holds a, what the inputs give to i, f, o and g, `[steps, batch, places, 4 * units]`.
  ///
  /// - Parameters:
  ///   - weights: K, float32 `[4 * units, units, 1, taps]`.
  ///   - left: places that the first tap lies to the left; a tap outside of the row reads zeros.
  /// - Returns: `[steps, batch, places, units]`, the state of each step.
  public func convolutionalMemory(weights: Tensor, left: Int) -> Tensor {
    precondition(shape.rank == 4, "\(shape) is not steps, batch, places and gates")
    let (steps, batch, places) = (shape[0], shape[1], shape[2])
    let (units, taps) = (weights.shape[1], weights.shape[3])
    precondition(shape[3] == 4 * units && weights.shape == [4 * units, units, 1, taps])
    let rows = batch * places
    let states = Tensor(uninitialized: [steps, batch, places, units], elementType)
    let isKept = isRecorded || weights.isRecorded
    let cells = Tensor(uninitialized: [isKept ? steps : 2, rows, units])
    let gates = isKept ? Tensor(uninitialized: [steps, rows, 4 * units], elementType) : nil
    let product = PackedProduct(
      convolving: [batch, 1, places, units], weights: weights.detached, bias: nil,
      geometry: .init(left: left, right: taps - 1 - left), elementType)
    let (before, products) = (Slab(rows * units, elementType), Slab(rows * 4 * units, elementType))
    let size = elementType.byteCount
    // Raw pointers keep no memory alive.
    withExtendedLifetime((self, before, products)) {
      for step in 0..<steps {
        if step > 0 {
          before.copy(from: states.pointer + (step - 1) * rows * units * size)
          product.run(before, into: products)
        }
        let slot = isKept ? step : step % 2
        let former = isKept ? step - 1 : (step + 1) % 2
        kernels_lstm_forward(
          elementType.kernels, Int64(rows), Int64(units), pointer + step * rows * 4 * units * size,
          products.pointer(at: 0, spanning: products.count),
          step > 0 ? cells.floats + former * rows * units : nil,
          cells.floats + slot * rows * units, states.pointer + step * rows * units * size,
          gates.map { $0.pointer + step * rows * 4 * units * size })
      }
    }
    guard let gates else { return states }
    return states.recorded(from: [self, weights]) { [states = states.detached, shape] gradient in
      let ofSums = gradient.converted(to: states.elementType)
        .memoryGradients(gates: gates, cells: cells, weights: weights.detached, left: left)
      // A product over all steps for every tap.
      let flat = ofSums.reshaped(to: [steps * rows, 4 * units])
      let ofTaps = (0..<taps).map { tap in
        states.shifted(by: 1, axis: 0).shifted(by: left - tap, axis: 2)
          .reshaped(to: [steps * rows, units])
      }.map { flat.multiplied(by: $0, transposingSelf: true, resultType: .float32) }
      let ofWeights = Tensor.concatenated(
        ofTaps.map { $0.reshaped(to: [4 * units, units, 1, 1]) }, axis: 3)
      return [ofSums.reshaped(to: shape), ofWeights]
    }
  }

  /// The gradients of the sums of all gates, `[steps, rows, 4 * units]`; self holds those of the states.
  private func memoryGradients(
    gates: Tensor, cells: Tensor, weights: Tensor, left: Int
  ) -> Tensor {
    let (steps, batch, places, units) = (shape[0], shape[1], shape[2], shape[3])
    let (rows, taps) = (batch * places, weights.shape[3])
    let ofSums = Tensor(uninitialized: [steps, rows, 4 * units], elementType)
    let back = PackedProduct(
      convolving: [batch, 1, places, 4 * units],
      weights: weights.flipped(axis: 3).permuted([1, 0, 2, 3]), bias: nil,
      geometry: .init(left: taps - 1 - left, right: left), elementType)
    let (behind, through) = (Slab(rows * 4 * units, elementType), Slab(rows * units, elementType))
    let carried = Slab(rows * units, .float32)
    let size = elementType.byteCount
    withExtendedLifetime((self, gates, cells, behind, through, carried)) {
      for step in (0..<steps).reversed() {
        let target = ofSums.pointer + step * rows * 4 * units * size
        kernels_lstm_backward(
          elementType.kernels, Int64(rows), Int64(units),
          gates.pointer + step * rows * 4 * units * size,
          step > 0 ? cells.floats + (step - 1) * rows * units : nil,
          cells.floats + step * rows * units, pointer + step * rows * units * size,
          through.pointer(at: 0, spanning: through.count),
          carried.pointer(at: 0, spanning: carried.count).assumingMemoryBound(to: Float.self),
          target)
        guard step > 0 else { continue }
        behind.copy(from: target)
        back.run(behind, into: through)
      }
    }
    return ofSums
  }
}
