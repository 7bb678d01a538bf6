import CKernels

extension Tensor {
  /// Sums of hidden units that are carried from pixel to pixel, V_i σ(start + Σ_j<i x_j W_j), at the cost of one product a
  /// pixel (Larochelle and Murray 2011, The Neural Autoregressive Distribution Estimator, section 3).
  ///
  /// Self holds x, float32 `[images, pixels, channels]`.
  ///
  /// - Parameters:
  ///   - start: float32 `[images, hidden]`.
  ///   - inputWeights: W, float32 `[pixels, channels, hidden]`.
  ///   - outputWeights: V, float32 `[pixels, outputs, hidden]`.
  /// - Returns: float32 `[images, pixels, outputs]`; those of pixel i depend on the pixels before it alone.
  public func carriedUnitSums(start: Tensor, inputWeights: Tensor, outputWeights: Tensor) -> Tensor
  {
    precondition(shape.rank == 3, "\(shape) is not images, pixels and channels")
    let (images, pixels, channels) = (shape[0], shape[1], shape[2])
    let (hidden, outputs) = (inputWeights.shape[2], outputWeights.shape[1])
    precondition(start.shape == [images, hidden], "\(start.shape)")
    precondition(inputWeights.shape == [pixels, channels, hidden], "\(inputWeights.shape)")
    precondition(outputWeights.shape == [pixels, outputs, hidden], "\(outputWeights.shape)")
    let sizes = kernels_nade_shape(
      images: Int64(images), pixels: Int64(pixels), channels: Int64(channels),
      hidden: Int64(hidden), outputs: Int64(outputs))
    let units = Tensor(uninitialized: [pixels, images, hidden])
    let sums = Tensor(uninitialized: [images, pixels, outputs])
    kernels_nade_forward(
      sizes, floats, start.floats, inputWeights.floats, outputWeights.floats, units.floats,
      sums.floats)
    let needsValues = isRecorded
    return sums.recorded(from: [self, start, inputWeights, outputWeights]) { [self] gradient in
      let ofValues = needsValues ? Tensor(uninitialized: shape) : nil
      let ofStart = Tensor(uninitialized: start.shape)
      let ofInputWeights = Tensor(uninitialized: inputWeights.shape)
      let ofOutputWeights = Tensor(uninitialized: outputWeights.shape)
      kernels_nade_backward(
        sizes, floats, inputWeights.floats, outputWeights.floats, units.floats, gradient.floats,
        ofValues?.floats, ofStart.floats, ofInputWeights.floats, ofOutputWeights.floats)
      return [ofValues, ofStart, ofInputWeights, ofOutputWeights]
    }
  }
}
