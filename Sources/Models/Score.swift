/// What a likelihood is: scores of unlike kinds are never compared unlabelled.
public enum ScoreKind: Hashable, Sendable, CustomStringConvertible {
  /// The model's own probability.
  case exact
  /// An evidence lower bound: the probability is at least this.
  case lowerBound
  /// An importance estimate with this many samples.
  case importanceEstimate(samples: Int)

  /// Such as `importance estimate (500 samples)`.
  public var description: String {
    switch self {
    case .exact: "exact"
    case .lowerBound: "lower bound"
    case .importanceEstimate(let samples): "importance estimate (\(samples) samples)"
    }
  }
}

/// Log-likelihoods of images, in nats, and what they are.
public struct Scores: Sendable {
  /// log p of each image.
  public let logLikelihoods: [Double]
  /// What the numbers are.
  public let kind: ScoreKind

  /// Scores of this kind.
  public init(logLikelihoods: [Double], kind: ScoreKind) {
    self.logLikelihoods = logLikelihoods
    self.kind = kind
  }
}
