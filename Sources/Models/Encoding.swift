public import Tensors

/// Turns images into features.
public protocol Encoding: GenerativeModel {
  /// Features of an image.
  var latentCount: Int { get }

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

/// Turns features back into images.
public protocol Decoding: Encoding {
  /// The mean image of each row of features.
  ///
  /// - Parameters:
  ///   - latents: float32 `[images, latentCount]`.
  ///   - labels: the class of each image, for models that are conditional.
  /// - Returns: float32 `[images, height, width, channels]`, values in `0 ... levels - 1`, not rounded.
  func decodings(_ latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor
}

/// Tells the class of an image.
public protocol Classifying: GenerativeModel {
  /// Float32 `[images, classCount]`: p(class | image), each row summing to 1. The batch's own labels are not read.
  func classProbabilities(_ batch: ImageBatch, _ pass: Pass) -> Tensor
}

/// Learns to classify from images of which few have labels.
public protocol SemiSupervised: Classifying {
  /// Share of a training batch that is drawn from the labelled images, over and over, where some are unlabelled.
  var labelledShare: Double { get }
}
