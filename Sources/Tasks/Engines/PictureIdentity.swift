package import Tensors

/// What decides an image's random numbers: the same identity, seed and sample give the same numbers in any company.
public struct PictureIdentity: Sendable, Hashable {
  /// Such as the image's path relative to its directory.
  public let text: String

  /// An identity.
  public init(_ text: String) { self.text = text }

  /// The random numbers of a sample.
  package func random(sample: Int, seed: UInt64) -> RandomSource {
    RandomSource(seed: seed, purpose: .sampling, index: stream(sample: sample))
  }

  /// A number for a sample of the image.
  package func stream(sample: Int) -> UInt64 {
    var hash = StableHash()
    hash.take(text)
    withUnsafeBytes(of: UInt64(sample).littleEndian) { hash.take($0) }
    return hash.value
  }
}
