import CKernels

/// Random numbers that are addressed, not consumed: the n-th draw of a stream is a function of
/// (seed, purpose, index, n) alone, so that an image's numbers are the same whatever the batch size
/// and the number of threads (Philox 4x32-10).
///
/// A stream has 2^58 draws; beyond them it begins again.
public struct RandomSource: Sendable, Hashable {
  /// What a stream of numbers is for: streams of unlike purpose never share a number; fewer than 256.
  public enum Purpose: UInt32, Sendable {
    case initialization = 1
    case shuffling
    case dropout
    case sampling
    case validation
    case transforms
    case testing
    case labels
    case orders
    case latents
    case labelChoice
    case masks
    case particles
    case resampling
    case states
    case secondDropout
    case binarization
  }

  /// The user's seed.
  public let seed: UInt64
  /// What the numbers are for.
  public let purpose: Purpose
  /// Which image, step or parameter they belong to.
  public let index: UInt64

  /// The stream of this seed, purpose and index.
  public init(seed: UInt64, purpose: Purpose, index: UInt64 = 0) {
    self.seed = seed
    self.purpose = purpose
    self.index = index
  }

  /// The stream of another image, step or parameter.
  public func at(_ index: Int) -> RandomSource {
    RandomSource(seed: seed, purpose: purpose, index: UInt64(bitPattern: Int64(index)))
  }

  /// The stream of the same seed and index for another purpose.
  public func with(purpose: Purpose) -> RandomSource {
    RandomSource(seed: seed, purpose: purpose, index: index)
  }

  /// Uniform values in the open interval (0, 1), draws `first ..< first + count`.
  public func uniforms(_ count: Int, from first: Int = 0) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      kernels_uniform(
        seed, purpose.rawValue, index, UInt64(first), Int64(count), buffer.baseAddress)
      filled = count
    }
  }

  /// One uniform value in (0, 1).
  public func uniform(_ draw: Int) -> Float {
    var value: Float = 0
    kernels_uniform(seed, purpose.rawValue, index, UInt64(draw), 1, &value)
    return value
  }

  /// A float32 tensor of uniform values in (0, 1).
  public func uniform(_ shape: Shape, from first: Int = 0) -> Tensor {
    Tensor(shape: shape) { buffer in
      kernels_uniform(
        seed, purpose.rawValue, index, UInt64(first), Int64(buffer.count), buffer.baseAddress)
    }
  }

  /// A float32 tensor of standard normal values.
  public func normal(_ shape: Shape, from first: Int = 0) -> Tensor {
    Tensor(shape: shape) { buffer in
      kernels_normal(
        seed, purpose.rawValue, index, UInt64(first), Int64(buffer.count), buffer.baseAddress)
    }
  }

  /// The numbers `0 ..< count` in a random order (Fisher and Yates).
  public func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    // Two draws a place: 46 bits leave no bias that a data set could show.
    let draws = uniforms(2 * count)
    for place in stride(from: count - 1, to: 0, by: -1) {
      let fine = Double(draws[2 * place]) + Double(draws[2 * place + 1]) * 0x1p-23 - 0x1p-24
      let other = min(place, max(0, Int(fine * Double(place + 1))))
      order.swapAt(place, other)
    }
    return order
  }
}
