/// Scores by a normalising constant that annealing estimates, and can estimate it from either side.
public protocol AnnealedScoring: Scoring {
  /// log Σ exp of the unnormalised log-probabilities of all images of a class, or of all there are; without an error where it
  /// is exact. Scores rest on the forward one.
  func logNormalizer(label: Int?, _ direction: AnnealingDirection) -> AnnealedEstimate
}

/// Which way chains go when a normalising constant is estimated.
public enum AnnealingDirection: Sendable {
  /// From a distribution that is known to the model: too low in the mean, and likelihoods too high.
  case forward
  /// From draws of the model to a distribution that is known: too high in the mean where the draws are good, and
  /// likelihoods too low (Burda, Grosse and Salakhutdinov 2015, Accurate and Conservative Estimates of MRF Log-likelihood
  /// using Reverse Annealing).
  case reverse
}

/// The logarithm of what independent chains estimate.
public struct AnnealedEstimate: Sendable, Equatable {
  /// The estimate, in nats.
  public let value: Double
  /// Its standard error as the spread of the chains tells it: what no chain has found does not show.
  public let standardError: Double

  /// An estimate.
  public init(value: Double, standardError: Double) {
    self.value = value
    self.standardError = standardError
  }
}
