import CKernels

extension Tensor {
  /// The states of gated recurrent units along a sequence, from a state of zeros (Cho and others 2014, Learning Phrase
  /// Representations using RNN Encoder-Decoder, section 2.3, with the reset gate behind the product, as PyTorch has it):
  /// r = σ(a_r + U_r h), z = σ(a_z + U_z h), n = tanh(a_n + r (U_n h + b)), h' = (1 - z) n + z h.
  ///
  /// One operation for all steps: what the way back needs of them is kept side by side, and the gradient of the weights is one
  /// product over the whole sequence.
  ///
  /// Self holds a, what the inputs give to r, z and n, `[batch, steps, 3 * units]`.
  ///
  /// - Parameters:
  ///   - weights: U, float32 `[3 * units, units]`.
  ///   - bias: b, float32 `[units]`.
  /// - Returns: `[batch, steps, units]`, the state after each step.
  public func gatedRecurrence(weights: Tensor, bias: Tensor) -> Tensor {
    precondition(shape.rank == 3, "\(shape) is not batch, steps and gates")
    let (batch, steps, units) = (shape[0], shape[1], bias.count)
    precondition(shape[2] == 3 * units && weights.shape == [3 * units, units], "\(weights.shape)")
    let outputs = Tensor(uninitialized: [batch, steps, units], elementType)
    let isKept = isRecorded || weights.isRecorded || bias.isRecorded
    let gates = isKept ? Tensor(uninitialized: [batch, steps, 4 * units], elementType) : nil
    let product = PackedProduct(
      weights: weights, bias: nil, rows: batch, sourceStride: units, targetStride: 3 * units,
      elementType)
    let (dense, products) = (Slab(batch * units, elementType), Slab(batch * 3 * units, elementType))
    let states = Slab(batch * units, .float32)
    let size = elementType.byteCount
    // Raw pointers keep no memory alive.
    withExtendedLifetime((self, bias, dense, products, states)) {
      for step in 0..<steps {
        product.run(dense, into: products)
        var work = kernels_gru_step(
          type: elementType.kernels, images: Int64(batch), units: Int64(units),
          inputs: pointer + step * 3 * units * size, input_stride: Int64(steps * 3 * units),
          products: products.pointer(at: 0, spanning: products.count), bias: bias.floats,
          states: states.pointer(at: 0, spanning: states.count).assumingMemoryBound(to: Float.self),
          gates: gates.map { $0.pointer + step * 4 * units * size },
          gate_stride: Int64(steps * 4 * units), outputs: outputs.pointer + step * units * size,
          output_stride: Int64(steps * units), dense: dense.pointer(at: 0, spanning: dense.count))
        kernels_gru_forward(&work)
      }
    }
    guard let gates else { return outputs }
    return outputs.recorded(from: [self, weights, bias]) {
      [outputs = outputs.detached, shape] gradient in
      let gradient = gradient.converted(to: outputs.elementType)
      let back = outputs.gruGradients(gates: gates, weights: weights, ofOutputs: gradient)
      let rows = batch * steps
      let ofProducts = back.products.reshaped(to: [rows, 3 * units])
      let before = outputs.shifted(by: 1, axis: 1).reshaped(to: [rows, units])
      let ofWeights = ofProducts.multiplied(
        by: before, transposingSelf: true, resultType: .float32)
      let ofBias = ofProducts.sliced(2 * units..<3 * units, axis: 1).sum(axis: 0, as: .float32)
      return [back.inputs.reshaped(to: shape), ofWeights, ofBias]
    }
  }

  /// The gradients of what the inputs give and of the products with the states, `[batch, steps, 3 * units]` each; self
  /// holds the states.
  private func gruGradients(
    gates: Tensor, weights: Tensor, ofOutputs: Tensor
  ) -> (inputs: Tensor, products: Tensor) {
    let (batch, steps, units) = (shape[0], shape[1], shape[2])
    let inputs = Tensor(uninitialized: [batch, steps, 3 * units], elementType)
    let products = Tensor(uninitialized: inputs.shape, elementType)
    let back = PackedProduct(
      weights: weights.detached.transposed(), bias: nil, rows: batch, sourceStride: 3 * units,
      targetStride: units, elementType)
    let (dense, through) = (Slab(batch * 3 * units, elementType), Slab(batch * units, elementType))
    let carried = Slab(batch * units, .float32)
    let size = elementType.byteCount
    withExtendedLifetime((self, gates, ofOutputs, dense, through, carried)) {
      for step in (0..<steps).reversed() {
        var work = kernels_gru_step_back(
          type: elementType.kernels, images: Int64(batch), units: Int64(units),
          gates: UnsafeRawPointer(gates.pointer + step * 4 * units * size),
          gate_stride: Int64(steps * 4 * units),
          before: step > 0 ? UnsafeRawPointer(pointer + (step - 1) * units * size) : nil,
          of_outputs: UnsafeRawPointer(ofOutputs.pointer + step * units * size),
          output_stride: Int64(steps * units),
          through: UnsafeRawPointer(through.pointer(at: 0, spanning: through.count)),
          carried: carried.pointer(at: 0, spanning: carried.count)
            .assumingMemoryBound(to: Float.self),
          of_inputs: inputs.pointer + step * 3 * units * size,
          of_products: products.pointer + step * 3 * units * size,
          input_stride: Int64(steps * 3 * units),
          dense: dense.pointer(at: 0, spanning: dense.count))
        kernels_gru_backward(&work)
        if step > 0 { back.run(dense, into: through) }
      }
    }
    return (inputs, products)
  }
}
