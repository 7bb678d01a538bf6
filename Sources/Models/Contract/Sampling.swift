public import Tensors

/// Draws new images.
public protocol Sampling: GenerativeModel {
  /// Draws an image for each request; the n-th depends on the n-th request alone.
  func samples(_ requests: [SampleRequest], temperature: Temperature, _ pass: Pass) -> [Sample]
}

/// Draws pixel by pixel, and can do so the plain way: one full pass of the network for every pixel.
public protocol PlainSampling: Sampling {
  /// Makes the plain loop's passes for the first pixels of a tile of images; for benchmarks.
  func samplePlainly(pixels: Int, labels: [Int?], _ pass: Pass)
}

/// One image to be drawn.
public struct SampleRequest: Sendable {
  /// Its class, or nil for any.
  public let label: Int?
  /// Its random numbers.
  public let random: RandomSource

  /// A request.
  public init(label: Int?, random: RandomSource) {
    self.label = label
    self.random = random
  }
}

/// An image that was drawn.
public struct Sample: Sendable {
  /// Levels, row by row, channels innermost.
  public let levels: [Float]
  /// log p(image | class) in nats, of the model's `scoreKind`, where drawing tells it; nil where the image is to be
  /// scored, if it can be.
  public let logLikelihood: Double?
  /// Whether it was drawn outside of the range of levels, and moved to its edge.
  ///
  /// A density has mass there, which counts towards no image's probability: the probabilities of all images sum to the share
  /// of samples that were not moved.
  public let isClamped: Bool

  /// A sample; none is outside of the range of levels where the model is one of levels.
  public init(levels: [Float], logLikelihood: Double? = nil, isClamped: Bool = false) {
    self.levels = levels
    self.logLikelihood = logLikelihood
    self.isClamped = isClamped
  }
}
