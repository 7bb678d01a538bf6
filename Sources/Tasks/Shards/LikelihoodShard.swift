import Files
public import Images
import Models
public import Training

extension LikelihoodEvaluator {
  /// Scores the images of a shard's block, and writes the numbers of each.
  ///
  /// - Parameters:
  ///   - folder: all images.
  ///   - loader: reads them in the model's shape.
  ///   - options: what the numbers depend on, in words of the form `name=value`.
  /// - Throws: as ``evaluate(_:path:progress:)``, with the work so far kept.
  public func write(
    _ folder: ImageFolder, _ loader: DatasetLoader, into output: EvaluationOutput, _ part: ShardRun,
    options: String, progress: (TaskReporter.Progress) -> Void = { _ in }
  ) throws -> EvaluationShardSummary {
    var loader = loader
    loader.isBlock = true
    let block = folder.block(
      part.shard.range(of: folder.entries.count), keepsProblems: part.shard.isFirst)
    let dataset = try loader.load(block, path: folder.root)
    let listing = ShardRecord.fingerprint(of: folder.entries.map(\.relativePath))
    let identity = RunIdentity([
      (.model, part.record.modelDigest), (.images, "\(listing) \(dataset.fingerprint)"),
      (.arguments, "\(options) seed=\(part.record.seed) shard=\(part.shard)"),
    ]).text
    if try output.isComplete(identity: identity) {
      return EvaluationShardSummary(images: dataset.count, wasComplete: true)
    }
    let work = try EvaluationWork(output, identity: identity)
    let measured = try measure(
      dataset, path: folder.root,
      done: work.records.compactMap(LikelihoodMeasurements.Image.init),
      note: { try work.append($0.map(\.fields)) }, progress: progress)
    try work.finish(
      ShardRecord(
        .likelihood, part.shard, part.record, images: listing, options: options,
        details: measured.details))
    return EvaluationShardSummary(images: dataset.count, wasComplete: false)
  }

  /// The report that a single run would have given.
  ///
  /// - Throws: `TaskError` where a part is damaged, or none has an image.
  public static func report(_ set: ShardSet) throws -> Report {
    precondition(set.record.task == .likelihood)
    let parts = try set.parts.map { part in
      guard let measured = LikelihoodMeasurements(part.record) else { throw part.damaged() }
      return measured
    }
    var whole = parts[0]
    for part in parts.dropFirst() {
      whole.images += part.images
      for normalizer in part.normalizers
      where !whole.normalizers.contains(where: { $0.label == normalizer.label }) {
        whole.normalizers.append(normalizer)
      }
    }
    whole.normalizers.sort { ($0.label ?? -1) < ($1.label ?? -1) }
    guard !whole.images.isEmpty else {
      throw TaskError("\(NameList.text(set.parts.map(\.path))): no image could be read")
    }
    return Report(whole)
  }
}

extension LikelihoodMeasurements {
  /// The measurements as a shard's record keeps them.
  fileprivate var details: [(name: String, value: JSON)] {
    [
      ("kind", .text(kind.description)), ("dimensions", .integer(dimensions)),
      (
        "normalizers",
        .list(
          normalizers.map { normalizer in
            .list(
              [normalizer.forward, normalizer.reverse].flatMap { estimate in
                [estimate?.value, estimate?.standardError].map(JSON.exactly)
              } + [normalizer.label.map(JSON.integer) ?? .null])
          })
      ),
      ("images", .list(images.map { .text($0.fields.joined(separator: " ")) })),
    ]
  }

  /// Reads them; nil where they are damaged.
  fileprivate init?(_ record: ShardRecord) {
    guard let kind = record["kind"]?.asText.flatMap(ScoreKind.init(description:)),
      let dimensions = record["dimensions"]?.asInteger,
      let normalizers = record["normalizers"]?.asList, let lines = record["images"]?.asList
    else { return nil }
    let images = lines.compactMap { line in
      line.asText.flatMap {
        Image(
          $0.split(separator: " ", omittingEmptySubsequences: false).map(String.init))
      }
    }
    let estimates = normalizers.compactMap { entry -> AnnealingReport.Normalizer? in
      guard let values = entry.asList, values.count == 5,
        let forward = AnnealedEstimate(values[0], values[1])
      else { return nil }
      return AnnealingReport.Normalizer(
        label: values[4].asInteger, forward: forward,
        reverse: AnnealedEstimate(values[2], values[3]))
    }
    guard images.count == lines.count, estimates.count == normalizers.count else { return nil }
    self.init(images: images, kind: kind, dimensions: dimensions, normalizers: estimates)
  }
}

extension AnnealedEstimate {
  /// Reads an estimate; nil where there is none.
  fileprivate init?(_ value: JSON, _ standardError: JSON) {
    guard let value = value.exactNumber, let error = standardError.exactNumber else { return nil }
    self.init(value: value, standardError: error)
  }
}
