/// That a run is one shard of another, and how it came to be.
public struct ShardRun: Sendable {
  /// Which block it works on.
  public let shard: Shard
  /// The arguments, the seed and the model.
  let record: RunRecord

  /// A shard of the run of this record.
  public init(_ shard: Shard, _ record: RunRecord) {
    self.shard = shard
    self.record = record
  }
}
