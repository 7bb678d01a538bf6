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
  ///   - start: what log scales and coefficients are relative to, a number for each of the P parameters; nil: log scales are
  ///     as they are, coefficients are hyperbolic tangents.
  /// - Returns: float32 of the leading axes' shape.
  public func logisticMixtureLoss(
    levels: Tensor, mixtures: Int, levelCount: Int, start: [Float]? = nil
  ) -> Tensor {
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
    precondition(start.map { $0.count == width } ?? true, "a start for each parameter")
    let run = { (start: UnsafePointer<Float>?) in
      kernels_logistic_mixture(
        floats, levels.floats, start, values.floats, slopes?.floats, Int64(pixels),
        Int64(channels), Int64(mixtures), Int64(levelCount))
    }
    if let start { start.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
    guard let slopes else { return values }
    return values.recorded(from: [self]) { [shape] gradient in
      let scaled = Tensor.combined(
        KERNELS_MULTIPLY, slopes.reshaped(to: [pixels, width]), gradient.reshaped(to: [pixels, 1]))
      return [scaled.reshaped(to: shape)]
    }
  }
}
