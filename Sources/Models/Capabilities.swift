public import Tensors

/// Gives log-likelihoods of images, or bounds and estimates that say so.
public protocol Scoring: GenerativeModel {
  /// A score of each image of a batch.
  func scores(_ batch: ImageBatch, _ pass: Pass) -> Scores
}

/// Draws new images.
public protocol Sampling: GenerativeModel {
  /// Draws an image for each request; the n-th image depends on the n-th request alone.
  func samples(_ requests: [SampleRequest], temperature: Float, _ pass: Pass) -> Tensor
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

/// Fills the missing pixels of images.
public protocol Completing: GenerativeModel {
  /// Fills each request's image; the n-th answer depends on the n-th request alone.
  func completions(
    _ requests: [CompletionRequest], temperature: Float, _ pass: Pass
  ) -> [Completion]

  /// How likely each image's missing pixels are, as they truly are, given its known ones; the n-th answer depends on
  /// the n-th request alone.
  func conditionalScores(_ requests: [ConditionalRequest], _ pass: Pass) -> [ConditionalScore]
}

extension Completing where Self: Sampling {
  /// Draws images as completions of images of which every pixel is missing.
  public func samples(_ requests: [SampleRequest], temperature: Float, _ pass: Pass) -> Tensor {
    let empty = [Float](repeating: 0, count: shape.dimensionCount)
    let all = [Bool](repeating: true, count: shape.pixelCount)
    let holes = requests.map { request in
      CompletionRequest(levels: empty, missing: all, label: request.label, random: request.random)
    }
    return Tensor(
      completions(holes, temperature: temperature, pass).flatMap(\.levels),
      shape: [requests.count, shape.height, shape.width, shape.channels])
  }
}

/// One image with a hole.
public struct CompletionRequest: Sendable {
  /// Levels, row by row, channels innermost; those of missing pixels are never read.
  public let levels: [Float]
  /// A value a pixel: whether it is missing.
  public let missing: [Bool]
  /// The image's class, or nil where it is not known.
  public let label: Int?
  /// The random numbers of this completion.
  public let random: RandomSource
  /// The most passes through a network that fills pixel by pixel; nil: one for each missing pixel.
  public let passes: Int?
  /// How a model of fixed orders fills the hole; other models do not ask.
  public let filling: FillingMethod

  /// A request.
  public init(
    levels: [Float], missing: [Bool], label: Int? = nil, random: RandomSource, passes: Int? = nil,
    filling: FillingMethod = .ordered
  ) {
    self.levels = levels
    self.missing = missing
    self.label = label
    self.random = random
    self.passes = passes
    self.filling = filling
  }
}

/// A filled image.
public struct Completion: Sendable {
  /// Levels of the whole image; known pixels as they were.
  public let levels: [Float]
  /// log p(drawn pixels | known pixels) in nats, as the method sees it.
  public let logLikelihood: Double
  /// Whether the pixels were drawn from the model's own conditional distribution, all known pixels heeded.
  public let isExact: Bool
  /// How they were drawn, such as `ordered`.
  public let method: String
  /// How many independent draws the particles behind it are worth; nil where there are none.
  public let effectiveSampleSize: Double?
  /// The estimate of log p(known pixels after the first missing one | pixels before it) by these particles, which the
  /// log-likelihood rests on.
  public let logEvidence: Double?

  /// A completion.
  public init(
    levels: [Float], logLikelihood: Double, isExact: Bool, method: String,
    effectiveSampleSize: Double? = nil, logEvidence: Double? = nil
  ) {
    self.levels = levels
    self.logLikelihood = logLikelihood
    self.isExact = isExact
    self.method = method
    self.effectiveSampleSize = effectiveSampleSize
    self.logEvidence = logEvidence
  }
}

/// A whole image, part of which is to be scored given the rest.
public struct ConditionalRequest: Sendable {
  /// Levels, row by row, channels innermost; those of missing pixels too.
  public let levels: [Float]
  /// A value a pixel: whether it is to be scored.
  public let missing: [Bool]
  /// The image's class, or nil where it is not known.
  public let label: Int?
  /// How a model of fixed orders takes the hole; other models do not ask.
  public let filling: FillingMethod

  /// A request.
  public init(
    levels: [Float], missing: [Bool], label: Int? = nil, filling: FillingMethod = .ordered
  ) {
    self.levels = levels
    self.missing = missing
    self.label = label
    self.filling = filling
  }
}

/// How likely missing pixels are given the known ones.
public struct ConditionalScore: Sendable {
  /// log p(missing pixels | known pixels) in nats, as the method sees it; 0 where nothing is missing.
  public let logLikelihood: Double
  /// Whether it is the model's own conditional probability, all known pixels heeded.
  public let isExact: Bool
  /// How it was computed, such as `ordered`.
  public let method: String

  /// A score.
  public init(logLikelihood: Double, isExact: Bool, method: String) {
    self.logLikelihood = logLikelihood
    self.isExact = isExact
    self.method = method
  }
}
