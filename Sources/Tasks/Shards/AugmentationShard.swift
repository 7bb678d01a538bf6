import Files
import Tensors
import Training

/// Which places of a run's portions get their images here, and what tells such a run from others.
struct AugmentationShard {
  /// The places of each portion; nil: all of them.
  let places: [Range<Int>?]
  /// What a run must have in common with one that it goes on with.
  let identity: String
  private let shard: Shard?
  private let wholeIdentity: String
  private let images: String
  private let words: String

  /// A run of these portions, or a shard's block of their places, portion by portion.
  ///
  /// - Parameter arguments: what the images depend on besides models and data set.
  init(
    _ shard: Shard?, _ portions: [AugmentationPortion], _ record: RunRecord, _ arguments: String,
    _ dataset: ImageDataset, _ options: AugmentationOptions
  ) {
    self.shard = shard
    images = dataset.fingerprint
    func identity(_ arguments: String) -> String {
      RunIdentity([
        (.model, record.modelDigest), (.images, dataset.fingerprint), (.arguments, arguments),
      ]).text
    }
    wholeIdentity = identity(arguments)
    let total = portions.reduce(0) { $0 + $1.plan.total }
    // Where blocks begin depends on how many images each class gets, which other runs may change.
    let plan = portions.flatMap(\.plan.classes).map { "\($0.file(0)) \($0.count)" }
    words =
      "\(arguments) originals=\(options.originals) places=\(total) "
      + "plan=\(ShardRecord.fingerprint(of: plan).prefix(12))"
    guard let shard else {
      places = portions.map { _ in nil }
      self.identity = wholeIdentity
      return
    }
    self.identity = identity("\(words) shard=\(shard)")
    let block = shard.range(of: total)
    var before = 0
    places = portions.map { portion in
      let own = block.clamped(to: before..<before + portion.plan.total)
      defer { before += portion.plan.total }
      return own.lowerBound - before..<own.upperBound - before
    }
  }

  /// Writes what a shard says of itself, when its results are written; nothing of a whole run.
  func write(
    _ record: RunRecord, _ rows: [AugmentationRow], _ originals: OriginalFiles,
    to directory: OutputDirectory
  ) throws {
    guard let shard else { return }
    try ShardRecord(
      .augment, shard, record, images: images, options: words,
      details: DirectoryMerge.details(
        of: directory, results: AugmentationRow.resultsName, identity: wholeIdentity,
        files: rows.count, others: originals.destinations)
    ).write(to: directory)
  }
}
