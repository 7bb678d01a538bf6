import CKernels

extension Tensor {
  /// Dropout: each element is set to 0 with probability `rate`, and divided by `1 - rate` otherwise, so
  /// that its mean stays.
  ///
  /// After Srivastava and others (2014).
  ///
  /// Element i is decided by word i of the random source alone, whatever the number of threads, and the
  /// gradient decides anew: no mask is kept. Use another index of the source for every layer and step.
  ///
  /// - Parameter rate: in 0 ..< 1.
  public func droppedOut(rate: Float, _ random: RandomSource) -> Tensor {
    precondition(rate >= 0 && rate < 1, "a dropout rate lies in 0 ..< 1, not \(rate)")
    if rate == 0 { return self }
    return dropped(rate, random).recorded(from: [self]) { [$0.dropped(rate, random)] }
  }

  private func dropped(_ rate: Float, _ random: RandomSource) -> Tensor {
    let result = Tensor(uninitialized: shape, elementType)
    kernels_dropout(
      random.seed, random.purpose.rawValue, random.index, Double(rate), elementType.kernels,
      pointer, result.pointer, Int64(count))
    return result
  }
}
