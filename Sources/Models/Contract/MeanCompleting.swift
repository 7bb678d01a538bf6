/// Knows the mean of all answers to a hole without drawing any.
public protocol MeanCompleting: Completing {
  /// E[level | known pixels] of every missing value of each request, in `0 ... levels - 1`, known ones as they are; the n-th
  /// answer depends on the n-th request's levels, hole and label alone.
  func completionMeans(_ requests: [CompletionRequest], _ pass: Pass) -> [[Float]]
}
