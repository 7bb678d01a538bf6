import CKernels

/// Which inputs the outputs of a linear map see: an output sees an input where the input's rank is below the output's reach.
///
/// Said by two lists, not by a matrix as large as the weights: products leave out what is hidden as they read the weights,
/// and pass over whole blocks of it.
public struct LinearMask: Sendable {
  /// The rank of each input, and the reach of each output.
  let ranks: [Int32], reaches: [Int32]
  /// The same for the way back, on which inputs are what is computed: a larger number of theirs is hidden from more outputs.
  let backwardRanks: [Int32], backwardReaches: [Int32]
  /// Equal for equal masks.
  let identifier: UInt64

  /// The mask of inputs of these ranks and outputs of these reaches.
  public init(ranks: [Int], reaches: [Int]) {
    self.ranks = ranks.map(Int32.init)
    self.reaches = reaches.map(Int32.init)
    backwardRanks = ranks.map { Int32(-$0) }
    backwardReaches = reaches.map { Int32(-$0) }
    var hash = StableHash()
    for number in [ranks.count] + ranks + reaches { hash.take(UInt64(bitPattern: Int64(number))) }
    identifier = hash.value
  }

  /// Weights of which those that are hidden are zeros, float32 `[outputs, inputs]`; no gradient flows through.
  public func masked(_ weights: Tensor) -> Tensor {
    precondition(weights.shape == [reaches.count, ranks.count], "a mask of \(weights.shape)")
    let result = Tensor(uninitialized: weights.shape)
    kernels_mask(
      weights.floats, Int64(reaches.count), Int64(ranks.count), Int64(ranks.count), ranks, reaches,
      result.floats)
    return result
  }

  /// Makes zeros of what is hidden in a part of a matrix that lies in memory.
  func apply(outputs: Range<Int>, inputs: Range<Int>, of matrix: UnsafeMutablePointer<Float>) {
    let stride = ranks.count
    let start = matrix + outputs.lowerBound * stride + inputs.lowerBound
    ranks.withUnsafeBufferPointer { ranks in
      reaches.withUnsafeBufferPointer { reaches in
        guard let rank = ranks.baseAddress, let reach = reaches.baseAddress else { return }
        kernels_mask(
          start, Int64(outputs.count), Int64(inputs.count), Int64(stride),
          rank + inputs.lowerBound, reach + outputs.lowerBound, start)
      }
    }
  }
}
