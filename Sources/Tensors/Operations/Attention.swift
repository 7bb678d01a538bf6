import CKernels

extension Tensor {
  /// Attention of every place to the places before it, one head (Vaswani and others 2017, Attention Is All You Need, equation 1, masked).
  ///
  /// out_i = Σ_j<i p_ij v_j, where p_ij are in proportion to exp(q_i · k_j / √size). The first place sees nothing and gets zeros.
  ///
  /// Nothing of the size of places times places is kept: the way back computes the probabilities again.
  ///
  /// Self holds q, float32 `[images, places, size]`.
  ///
  /// - Parameters:
  ///   - keys: k, float32 `[images, places, size]`.
  ///   - values: v, float32 `[images, places, features]`.
  /// - Returns: float32 `[images, places, features]`.
  public func attendingBefore(keys: Tensor, values: Tensor) -> Tensor {
    precondition(shape.rank == 3 && keys.shape == shape, "\(shape) asks \(keys.shape)")
    let (images, places, size) = (shape[0], shape[1], shape[2])
    precondition(
      values.shape.rank == 3 && values.shape[0] == images && values.shape[1] == places,
      "\(values.shape)")
    let sizes = kernels_attention_shape(
      images: Int64(images), places: Int64(places), key_size: Int64(size),
      value_size: Int64(values.shape[2]))
    let scale = 1 / Float(size).squareRoot()
    func withWorkspace(backwards: Bool, _ body: (UnsafeMutablePointer<Float>) -> Void) {
      let count = Int(kernels_attention_workspace(sizes, backwards ? 1 : 0))
      let memory = Tensor(uninitialized: [count])
      withExtendedLifetime(memory) { body(memory.floats) }
    }
    let outputs = Tensor(uninitialized: values.shape)
    let logSums = Tensor(uninitialized: [images, places])
    withWorkspace(backwards: false) { workspace in
      kernels_attention_forward(
        sizes, scale, floats, keys.floats, values.floats, workspace, outputs.floats, logSums.floats)
    }
    return outputs.recorded(from: [self, keys, values]) {
      [self, outputs = outputs.detached] gradient in
      let ofQueries = Tensor(uninitialized: shape)
      let ofKeys = Tensor(uninitialized: shape)
      let ofValues = Tensor(uninitialized: values.shape)
      withWorkspace(backwards: true) { workspace in
        kernels_attention_backward(
          sizes, scale, floats, keys.floats, values.floats, outputs.floats, logSums.floats,
          gradient.floats, workspace, ofQueries.floats, ofKeys.floats, ofValues.floats)
      }
      return [ofQueries, ofKeys, ofValues]
    }
  }
}
