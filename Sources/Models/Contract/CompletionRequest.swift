public import Tensors

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
  /// Random numbers that completions of one hole may have in common.
  ///
  /// Requests for the same hole in the same image, one after the other, that share them may be drawn from the same
  /// particles: several completions then cost as much as one.
  public let common: RandomSource

  /// A request; by default it shares no numbers with others.
  public init(
    levels: [Float], missing: [Bool], label: Int? = nil, random: RandomSource,
    common: RandomSource? = nil
  ) {
    self.levels = levels
    self.missing = missing
    self.label = label
    self.random = random
    self.common = common ?? random.with(purpose: .particles)
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
  /// The random numbers of an estimate, if there is one: the `common` ones of the completions that it compares with.
  public let common: RandomSource

  /// A request.
  public init(
    levels: [Float], missing: [Bool], label: Int? = nil,
    common: RandomSource = RandomSource(seed: 0, purpose: .particles)
  ) {
    self.levels = levels
    self.missing = missing
    self.label = label
    self.common = common
  }
}

/// A filled image.
public struct Completion: Sendable {
  /// Levels of the whole image; known pixels as they were.
  public let levels: [Float]
  /// log p(drawn pixels | known pixels) in nats, as the method sees it.
  public let logLikelihood: Double
  /// How many independent draws the particles behind it are worth; nil where there are none.
  public let effectiveSampleSize: Double?
  /// The estimate of log p(known pixels after the first missing one | pixels before it) by these particles, which the
  /// log-likelihood rests on.
  public let logEvidence: Double?

  /// A completion.
  public init(
    levels: [Float], logLikelihood: Double, effectiveSampleSize: Double? = nil,
    logEvidence: Double? = nil
  ) {
    self.levels = levels
    self.logLikelihood = logLikelihood
    self.effectiveSampleSize = effectiveSampleSize
    self.logEvidence = logEvidence
  }
}
