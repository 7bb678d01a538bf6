import Files
public import Images
import Models
import Training

extension ImputationEvaluator {
  /// Measures a shard's block of the sample, and writes the numbers of each image.
  ///
  /// Every shard looks at all images of the sample, since those that cannot be used decide where a block begins.
  ///
  /// - Parameter options: what the numbers depend on besides holes, ways and sample, in words of the form `name=value`.
  /// - Throws: as ``evaluate(_:holes:reporter:)``, with the work so far kept.
  public func write(
    _ folder: ImageFolder, holes: [EvaluationHole], into output: EvaluationOutput,
    _ part: ShardRun, options given: String, reporter: TaskReporter
  ) throws -> EvaluationShardSummary {
    let sample = try EvaluationSample(
      folder, holes: holes, of: file, count: options.images, seed: options.seed, shard: part.shard,
      reporter: reporter)
    let listing = ShardRecord.fingerprint(of: sample.all)
    let words = "\(given) \(self.words(holes))"
    let identity = RunIdentity([
      (.model, part.record.modelDigest), (.images, "\(listing) \(sample.fingerprint)"),
      (.arguments, "\(words) seed=\(options.seed) shard=\(part.shard)"),
    ]).text
    if try output.isComplete(identity: identity) {
      return EvaluationShardSummary(images: sample.images.count, wasComplete: true)
    }
    let work = try EvaluationWork(output, identity: identity, whole: SeriesJournal.whole)
    let measured = try measure(
      sample, holes, done: SeriesJournal.read(work.records),
      note: { try work.append(SeriesJournal.records($0, $1, $2)) }, reporter: reporter)
    let reports = zip(series(holes), measured).map { series, measured in
      JSON.object([
        ("hole", .text(series.hole)), ("method", .text(series.method)),
        ("samples", .integer(series.samples)),
        ("images", .list(measured.measurements.map { .text(CSV.text($0.fields)) })),
      ])
    }
    try work.finish(
      ShardRecord(
        .imputation, part.shard, part.record, images: listing, options: words,
        details: [
          ("model_name", .text(type(of: file.model).card.name)), ("root", .text(folder.root)),
          ("reports", .list(reports)),
        ]))
    return EvaluationShardSummary(images: sample.images.count, wasComplete: false)
  }

  /// Holes, ways and sample in words.
  private func words(_ holes: [EvaluationHole]) -> String {
    let ways = options.ways.map { way in
      "way=\(way.name):"
        + way.options.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(
          separator: ",")
    }
    let others = [
      "samples=\(options.samples)", "sample=\(options.images)",
      "score-precision=\(options.scorePrecision)", "precision=\(options.completionPrecision)",
    ]
    return (holes.map(\.identity) + ways + others).joined(separator: " ")
  }

  /// The reports that a single run would have given, and the model's name.
  ///
  /// - Throws: `TaskError` where a part is damaged, or no image has a hole.
  public static func reports(
    _ set: ShardSet
  ) throws -> (model: String, reports: [ImputationReport]) {
    precondition(set.record.task == .imputation)
    let name = try set.parts[0].detail("model_name", \.asText)
    let root = try set.parts[0].detail("root", \.asText)
    let all = try set.parts.map { try $0.detail("reports", \.asList) }
    guard all.allSatisfy({ $0.count == all[0].count }) else { throw set.parts[0].damaged() }
    let reports = try all[0].indices.map { place in
      let (head, parts) = (all[0][place], set.parts)
      guard let hole = head["hole"]?.asText, let method = head["method"]?.asText,
        let samples = head["samples"]?.asInteger
      else { throw parts[0].damaged() }
      let measurements = try zip(parts, all).flatMap { part, reports in
        try Self.measurements(reports[place], of: part)
      }
      return try ImputationReport(
        ImputationSeries(hole: hole, method: method, samples: samples), measurements, root: root)
    }
    return (name, reports)
  }

  private static func measurements(
    _ report: JSON, of part: ShardPart
  ) throws -> [ImputationReport.Measurement] {
    guard let lines = report["images"]?.asList else { throw part.damaged() }
    return try lines.map { line in
      guard let fields = line.asText.flatMap({ CSV.lines(of: $0 + "\n").first }),
        let measurement = ImputationReport.Measurement(fields)
      else { throw part.damaged() }
      return measurement
    }
  }
}

extension CSV {
  /// A line without its line feed.
  fileprivate static func text(_ fields: [String]) -> String { String(line(fields).dropLast()) }
}

/// What a journal keeps of series: `measured,SERIES,NUMBERS...` for each image, and after a batch `done,SERIES,END`.
private enum SeriesJournal {
  static func records(
    _ series: Int, _ end: Int, _ measurements: [ImputationReport.Measurement]
  ) -> [[String]] {
    measurements.map { ["measured", "\(series)"] + $0.fields } + [["done", "\(series)", "\(end)"]]
  }

  /// How many records count: those up to the end of a batch.
  static func whole(_ records: [[String]]) -> Int {
    records.lastIndex { $0.first == "done" && $0.count == 3 }.map { $0 + 1 } ?? 0
  }

  static func read(_ records: [[String]]) -> [Int: ImputationSeries.Measured] {
    var all: [Int: ImputationSeries.Measured] = [:]
    for record in records where record.count > 2 {
      guard let series = Int(record[1]) else { continue }
      if record[0] == "done" {
        all[series, default: .init()].end = Int(record[2]) ?? 0
      } else if let measurement = ImputationReport.Measurement(Array(record.dropFirst(2))) {
        all[series, default: .init()].measurements.append(measurement)
      }
    }
    return all
  }
}
