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
  /// The image of each point: the mean one, or where pixels depend on pixels before them, the one of which each pixel is its
  /// mean given those.
  ///
  /// - Parameters:
  ///   - latents: float32 `[images, latentCount]`.
  ///   - labels: the class of each image, for models that are conditional.
  /// - Returns: float32 `[images, height, width, channels]`, values in `0 ... levels - 1`, not rounded.
  func decodings(_ latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor
}

/// Turns every image into a point of its own, and the point back into the image.
///
/// The two maps are each other's inverse: `decodings` of `encodings` are the images' levels, to rounding.
public protocol Invertible: Encoding, Decoding {
  /// log |det ∂z/∂x| at each image, x being its levels and z its encoding: the logarithm of how much a small volume grows
  /// on the way.
  func logDeterminants(_ batch: ImageBatch, _ pass: Pass) -> [Double]
}

/// Draws latent points, and images from them.
///
/// To draw an image is to draw its point and then the image from that point, with the same request's random numbers: both
/// ways come to the same bytes.
public protocol LatentSampling: LatentSpace, Sampling {
  /// A point for each request, which depends on that request alone, float32 `[requests, latentCount]`; a temperature below 1 keeps to likely ones.
  func priorDraws(_ requests: [SampleRequest], temperature: Float) -> Tensor

  /// An image for each request from a latent point that is given.
  ///
  /// - Parameter latents: float32 `[requests, latentCount]`.
  func samples(
    _ requests: [SampleRequest], latents: Tensor, temperature: Temperature, _ pass: Pass
  ) -> [Sample]
}

extension LatentSampling {
  /// A latent point, then an image, for each request.
  public func samples(
    _ requests: [SampleRequest], temperature: Temperature, _ pass: Pass
  ) -> [Sample] {
    samples(
      requests, latents: priorDraws(requests, temperature: temperature.latents),
      temperature: temperature, pass)
  }
}
