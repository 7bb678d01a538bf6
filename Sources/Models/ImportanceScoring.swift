import Tensors

/// Estimates log-likelihoods by importance sampling.
public protocol ImportanceScoring: Scoring {
  /// An estimate for each image of a batch, from this many draws each; it depends on the image and the seed alone.
  func importanceEstimates(
    _ batch: ImageBatch, samples: Int, seed: UInt64, _ pass: Pass
  ) -> Scores
}
