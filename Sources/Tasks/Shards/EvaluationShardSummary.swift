/// What came of a shard of an evaluation.
public struct EvaluationShardSummary: Sendable, Equatable {
  /// Images of its block.
  public let images: Int
  /// Whether an earlier run had done everything.
  public let wasComplete: Bool
}
