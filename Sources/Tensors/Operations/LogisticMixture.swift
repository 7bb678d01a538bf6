import CKernels

extension Tensor {
  /// Negative log-likelihood in nats, pixel by pixel, of levels under a discretised logistic
  /// mixture (Salimans and others 2017, PixelCNN++, equations 1 to 3).
  ///
  /// Self holds float32 parameters `[..., P]`: `mixtures` logits, then for every channel means and log scales,
  /// then with three channels the coefficients red to green, red to blue and green to blue.
  ///
  /// - Parameters:
  ///   - levels: float32 `[..., channels]`, whole numbers in `0 ..< levelCount`.
  ///   - mixtures: the number of logistics, at most 64.
  /// - Returns: float32 of the leading axes' shape.
  public func logisticMixtureLoss(levels: Tensor, mixtures: Int, levelCount: Int) -> Tensor {
    let channels = levels.shape[-1]
    precondition(channels == 1 || channels == 3, "a logistic mixture has 1 or 3 channels")
    precondition((1...64).contains(mixtures) && levelCount >= 2)
    let width = mixtures * (1 + 2 * channels + (channels == 3 ? 3 : 0))
    let pixels = levels.count / channels
    precondition(
      shape[-1] == width && count == pixels * width, "\(shape) for levels \(levels.shape)")
    let values = Tensor(uninitialized: shape.removing(-1))
    // Values and slopes share most of their work, so that the way forward leaves both.
    let slopes = isRecorded ? Tensor(uninitialized: shape) : nil
    kernels_logistic_mixture(
      floats, levels.floats, values.floats, slopes?.floats, Int64(pixels), Int64(channels),
      Int64(mixtures), Int64(levelCount))
    guard let slopes else { return values }
    return values.recorded(from: [self]) { [shape] gradient in
      let scaled = Tensor.combined(
        KERNELS_MULTIPLY, slopes.reshaped(to: [pixels, width]), gradient.reshaped(to: [pixels, 1]))
      return [scaled.reshaped(to: shape)]
    }
  }
}
