public import Tensors

/// Has a space of latent points behind its images.
public protocol LatentSpace: GenerativeModel {
  /// Coordinates of the space.
  var latentCount: Int { get }
}

/// Turns images into latent points: features.
public protocol Encoding: LatentSpace {
  /// Whether its encodings have variances.
  var givesVariances: Bool { get }

  /// The features of each image of a batch.
  func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings
}

/// Features of some images.
public struct Encodings: Sendable {
  /// Float32 `[images, latentCount]`: where the encoder's distribution has its centre, or its point where it has none.
  public let means: Tensor
  /// Float32 `[images, latentCount]`: the variance of each feature; nil where the encoder gives a point.
  public let variances: Tensor?

  /// Encodings.
  public init(means: Tensor, variances: Tensor? = nil) {
    self.means = means
    self.variances = variances
  }
}

/// Turns latent points into images.
public protocol Decoding: LatentSpace {
  /// The mean image of each point.
  ///
  /// - Parameters:
  ///   - latents: float32 `[images, latentCount]`.
  ///   - labels: the class of each image, for models that are conditional.
  /// - Returns: float32 `[images, height, width, channels]`, values in `0 ... levels - 1`, not rounded.
  func decodings(_ latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor
}

/// Draws latent points, and images from them.
public protocol LatentSampling: LatentSpace, Sampling {
  /// A point for each request, float32 `[requests, latentCount]`; a temperature below 1 keeps to likely ones.
  func priorDraws(_ requests: [SampleRequest], temperature: Float) -> Tensor

  /// An image for each request from a latent point that is given.
  ///
  /// - Parameter latents: float32 `[requests, latentCount]`.
  func samples(
    _ requests: [SampleRequest], latents: Tensor, temperature: Float, _ pass: Pass
  ) -> [Sample]
}
