/// Taking every second value, and putting such halves together again.
extension Tensor {
  /// The values at the even places of the last axis and those at its odd places, each as a tensor; there is one more of
  /// the former where their number is odd.
  public func deinterleaved() -> (even: Tensor, odd: Tensor) {
    let size = shape[-1]
    precondition(size > 1, "\(shape) has no two values to take apart")
    let evenCount = (size + 1) / 2
    let rows = count / size
    let parts = reshaped(to: [rows, size]).padded(before: 0, after: size % 2, axis: 1)
      .reshaped(to: [rows, evenCount, 2]).permuted([2, 0, 1])
    let even = parts.sliced(0..<1, axis: 0).reshaped(to: shape.replacing(-1, with: evenCount))
    let odd = parts.sliced(1..<2, axis: 0).reshaped(to: [rows, evenCount])
      .sliced(0..<size / 2, axis: 1).reshaped(to: shape.replacing(-1, with: size / 2))
    return (even, odd)
  }

  /// The tensor that `deinterleaved` takes apart into these.
  public static func interleaved(_ even: Tensor, _ odd: Tensor) -> Tensor {
    let (evenCount, oddCount) = (even.shape[-1], odd.shape[-1])
    precondition(
      evenCount - oddCount == 0 || evenCount - oddCount == 1,
      "\(even.shape) and \(odd.shape) do not alternate")
    let rows = even.count / evenCount
    let filled = odd.reshaped(to: [rows, oddCount])
      .padded(before: 0, after: evenCount - oddCount, axis: 1)
    return concatenated(
      [even.reshaped(to: [rows, evenCount, 1]), filled.reshaped(to: [rows, evenCount, 1])], axis: 2
    )
    .reshaped(to: [rows, 2 * evenCount]).sliced(0..<evenCount + oddCount, axis: 1)
    .reshaped(to: even.shape.replacing(-1, with: evenCount + oddCount))
  }
}
