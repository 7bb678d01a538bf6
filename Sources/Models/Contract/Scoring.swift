import Tensors

/// Gives log-likelihoods of images, or bounds and estimates that say so.
public protocol Scoring: GenerativeModel {
  /// What its scores are.
  var scoreKind: ScoreKind { get }

  /// A score of each image of a batch, in nats; given the class where that is known.
  func scores(_ batch: ImageBatch, _ pass: Pass) -> [Double]
}

/// Estimates log-likelihoods by importance sampling.
public protocol ImportanceScoring: Scoring {
  /// An estimate for each image of a batch in nats, from this many draws each; it depends on the image and the seed alone.
  func importanceEstimates(
    _ batch: ImageBatch, samples: Int, seed: UInt64, _ pass: Pass
  ) -> [Double]
}

/// Has learnt several orders of the pixels, and gives the likelihood of their mixture.
public protocol OrderAveraging: Scoring {
  /// The orders that it has learnt, at least 1.
  var orderCount: Int { get }

  /// log (1/n) Σ p(x | order) over the first n orders, in nats; exact.
  ///
  /// - Parameter count: orders to average, at most `orderCount`.
  func scores(_ batch: ImageBatch, orders count: Int, _ pass: Pass) -> [Double]
}
