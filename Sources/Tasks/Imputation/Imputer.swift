public import Files
public import Images
import Models
import Tensors
public import Training

/// Fills the missing pixels of a directory's images with a trained model.
public struct Imputer {
  private let classes: [String]
  private let options: ImputationOptions
  private let context: Context
  private let label: Int?
  /// What fills the holes.
  public let filler: HoleFiller

  /// An imputer with this model.
  ///
  /// - Throws: `EngineError.cannot` where the model cannot complete or lacks a filling option, `TaskError` where it lacks
  ///   the class asked for.
  public init(_ file: ModelFile, options: ImputationOptions, context: Context) throws {
    classes = file.classes
    self.options = options
    self.context = context
    filler = try HoleFiller(file.model, options.filling, context)
    label = try options.label.map { name in
      guard let place = file.classes.firstIndex(ofExactly: name) else {
        let known = file.classes.isEmpty ? "none" : file.classes.joined(separator: ", ")
        throw TaskError("--label \(name): is no class of the model; it has \(known)")
      }
      return place
    }
  }

  /// Pairs images with masks and plans the outputs.
  public func plan(_ pairing: MaskPairing) -> ImputationPlan {
    let folder = pairing.folder
    return ImputationPlan(
      pairing, options: options,
      label: { entry in
        label ?? folder.className(of: entry).flatMap { classes.firstIndex(ofExactly: $0) }
      }, countsLabels: !classes.isEmpty)
  }

  /// Completes every image of a plan; writes the outputs, `completions.csv`, `run.json` and a
  /// contact sheet.
  ///
  /// - Parameters:
  ///   - record: how the run came to be; its identity says what it depends on besides the options,
  ///     such as the
  ///     model's digest: a run is resumed where that is the same.
  ///   - contactSheet: a picture of holes and completions, or nil for none.
  ///   - shard: the block that is done, perhaps an empty one; nil: all. The directory gets a record of it, too, and what
  ///     short cuts cost, which is estimated from all images, is not told.
  ///   - reporter: told of skipped images and of progress.
  /// - Throws: `Interrupted` after a signal, with the work so far kept.
  public func run(
    _ plan: ImputationPlan, into directory: OutputDirectory, record: RunRecord,
    contactSheet: Output? = nil, shard: Shard? = nil, reporter: TaskReporter
  ) throws -> ImputationSummary {
    precondition(shard == nil || contactSheet == nil, "a sheet shows all images")
    let whole = plan
    let plan = (shard.map(plan.block) ?? plan).fitting(directory)
    var record = record
    let arguments = "\(record.identity) \(options.identity(context.precision))"
    let identity = RunIdentity([(.model, record.modelDigest), (.arguments, arguments)])
    record.identity = identity.text
    if let shard {
      record.identity =
        RunIdentity([
          (.model, record.modelDigest), (.images, whole.fingerprint),
          (.arguments, "\(arguments) shard=\(shard)"),
        ]).text
    }
    let journal = try CompletionJournal(in: directory, identity: record.identity)
    // Until all is done again, it is no part to merge.
    try directory.remove(ShardRecord.fileName)
    let work = try complete(
      plan, ImputationWork(filler, options, plan, directory, journal), shard, reporter)
    var summary = work.summary
    if shard == nil { summary.stepCost = work.stepCost() }
    let table = work.rows.reduce(into: CSV.line(CompletionRow.header)) { text, row in
      text += CSV.line(row.fields)
    }
    try directory.write(Array(table.utf8), to: CompletionJournal.resultsName)
    record.counts = summary.counts
    let inputs = plan.items.map(\.relativePath).compactMap { path in
      work.digests[path].map { (name: path, value: JSON.text($0)) }
    }
    record.facts = [(RunRecord.inputsName, .object(inputs))]
    // First, since it says whose the sheet is.
    try record.write(to: directory)
    if let contactSheet { try CompletionSheet(plan, work.rows, directory).write(to: contactSheet) }
    if let shard {
      let done = Set(work.rows.map { ExactText($0.image) })
      let files = plan.items.filter { done.contains($0.relativePath) }
      try ShardRecord(
        .impute, shard, record, images: whole.fingerprint, options: arguments,
        details: DirectoryMerge.details(
          of: directory, results: CompletionJournal.resultsName, identity: identity.text,
          files: files.reduce(0) { $0 + $1.files.count })
      ).write(to: directory)
    }
    try journal.finish()
    return summary
  }

  private func complete(
    _ plan: ImputationPlan, _ start: ImputationWork, _ shard: Shard?, _ reporter: TaskReporter
  ) throws -> ImputationWork {
    var work = start
    for problem in plan.problems { try work.skip(problem, reporter) }
    for (place, item) in plan.items.enumerated() {
      try work.take(item, reporter)
      if work.isFull { try work.flush() }
      reporter.progress(.init(done: place + 1 - work.pendingCount, total: plan.items.count))
      if context.isStopRequested {
        try work.flush()
        throw Interrupted("interrupted after \(work.summary.images) images; --resume goes on")
      }
    }
    try work.flush()
    work.masks.report(to: reporter)
    reporter.progress(.init(done: plan.items.count, total: plan.items.count))
    guard !work.rows.isEmpty || shard != nil else {
      throw TaskError("\(plan.pairing.folder.root): no image could be completed")
    }
    return work
  }
}
