/// Knows the mean of all answers to a hole without drawing any, from its prediction of each missing value given all known ones.
///
/// A network that draws values one after the other comes to the same mean as far as its predictions agree with each other, which is
/// what it learns.
public protocol MeanCompleting: Completing {
  /// E[level | known pixels] of every missing value of each request, in `0 ... levels - 1`, known ones as they are; the n-th
  /// answer depends on the n-th request's levels, hole and label alone.
  func completionMeans(_ requests: [CompletionRequest], _ pass: Pass) -> [[Float]]
}
