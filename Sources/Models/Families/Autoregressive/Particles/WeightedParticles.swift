import Platform
import Tensors

/// What particles tell of an image with a hole.
public struct WeightedParticles: Sendable {
  /// The image of each particle; known pixels are the same in all.
  public let images: [[Float]]
  /// The weight of each particle; they sum to 1.
  public let weights: [Double]
  /// log p(pixels from the first missing one on | pixels before it) of each particle's image, in the order in which pixels
  /// are taken; exact.
  public let logLikelihoods: [Double]
  /// The estimate of log p(known pixels after the first missing one | known pixels before it).
  ///
  /// The mean of its exponential is the true probability, for any number of particles; that of the estimate itself lies
  /// below the truth, the less so the more particles there are.
  public let logEvidence: Double
  /// How many independent draws from p(missing pixels | known pixels) the particles are worth: 1 / Σ w² over families,
  /// particles that descend from one by resampling being a family, w its weight.
  public let effectiveSampleSize: Double

  /// Puts islands together, each weighing as much as its evidence: together they estimate without bias what each
  /// estimates alone.
  init(_ islands: [ParticleIsland], _ shape: ImageShape) {
    let total = islands.reduce(0) { $0 + $1.count }
    let shares = islands.map { $0.logEvidence + log(Double($0.count)) }
    logEvidence = logSumExp(shares) - log(Double(total))
    images = islands.flatMap { island in
      island.images.map { $0.permuted(from: island.order, shape) }
    }
    logLikelihoods = islands.flatMap(\.logLikelihoods)
    let ofIslands = normalizedLogits(shares).map { exp($0) }
    weights = zip(islands, ofIslands).flatMap { island, share in
      island.weights.map { $0 * share }
    }
    let families = zip(islands, ofIslands).flatMap { island, share in
      zip(island.families, island.weights).reduce(
        into: [Double](repeating: 0, count: island.count)
      ) { $0[$1.0] += $1.1 * share }
    }
    effectiveSampleSize = 1 / families.reduce(0) { $0 + $1 * $1 }
  }

  /// One of the particles, each as likely as it is heavy.
  ///
  /// The completion's log-likelihood is log p(missing pixels | known pixels), the path's own log-likelihood, which is
  /// exact, less the estimate of the evidence.
  func completion(_ random: RandomSource) -> Completion {
    let index = drawnIndex(weights.map { log($0) }, Double(random.uniform(0)))
    return Completion(
      levels: images[index], logLikelihood: logLikelihoods[index] - logEvidence,
      effectiveSampleSize: effectiveSampleSize, logEvidence: logEvidence)
  }
}
