public import Files
public import Images
import Models
import Tensors
public import Training

/// Fills the missing pixels of a directory's images with a trained model.
public struct Imputer {
  /// What came of a run.
  public struct Summary: Sendable, Equatable {
    /// Images that have all their completions.
    public var images = 0
    /// Completions written, those of earlier runs included.
    public var completions = 0
    /// Completions that are exact.
    public var exact = 0
    /// Images that had no missing pixel.
    public var whole = 0
    /// Images that an earlier run had done.
    public var resumed = 0
    /// Inputs that were skipped.
    public var skipped = 0
    /// Completions by the method that filled them.
    public var methods: [String: Int] = [:]
    /// What fewer passes than missing pixels cost, in nats an image, estimated from some of them:
    /// how much less likely the model finds what was drawn than those who drew it did.
    ///
    /// Nil where no image was filled so in this run.
    public var stepCost: MeanEstimate?
  }

  let file: ModelFile
  let options: ImputationOptions
  let model: any Completing
  let label: Int?

  /// An imputer with this model.
  ///
  /// - Throws: `ModelError` where the model cannot complete, `TaskError` where it lacks the class
  ///   asked for.
  public init(_ file: ModelFile, options: ImputationOptions) throws {
    guard let model = file.model as? any Completing else {
      throw Zoo.lacking("complete", type(of: file.model))
    }
    try options.method.check(model)
    self.file = file
    self.options = options
    self.model = model
    if let name = options.label {
      guard let place = file.classes.firstIndex(of: name) else {
        let known = file.classes.isEmpty ? "none" : file.classes.joined(separator: ", ")
        throw TaskError("--label \(name): is no class of the model; it has \(known)")
      }
      label = place
    } else {
      label = nil
    }
  }

  /// Images that the model draws for this plan, at most: particles too are images.
  public func mostDrawn(_ plan: ImputationPlan) -> Int {
    plan.items.count * options.samples * (mayTakeParticles ? options.particles : 1)
  }

  private var mayTakeParticles: Bool {
    model is any Autoregressive && [.auto, .particles].contains(options.method)
  }

  /// Images that the model draws to fill a hole: its particles, or one.
  func imagesDrawn(for mask: Mask) -> Int {
    guard mayTakeParticles, let model = model as? any Autoregressive else { return 1 }
    let isOfModelSize = mask.width == model.shape.width && mask.height == model.shape.height
    let random = RandomSource(seed: 0, purpose: .particles)
    let filling = options.method.filling(particles: options.particles, random: random)
    return !isOfModelSize || model.takesParticles(mask.missing, filling) ? options.particles : 1
  }

  /// Pairs images with masks and plans the outputs.
  public func plan(_ pairing: MaskPairing) -> ImputationPlan {
    let folder = pairing.folder
    return ImputationPlan(
      pairing, options: options,
      label: { entry in
        label ?? folder.className(of: entry).flatMap { file.classes.firstIndex(of: $0) }
      }, countsLabels: !file.classes.isEmpty)
  }

  /// Completes every image of a plan; writes the outputs, `completions.csv`, `run.json` and a
  /// contact sheet.
  ///
  /// - Parameters:
  ///   - record: how the run came to be; its identity says what it depends on besides the options,
  ///     such as the
  ///     model's digest: a run is resumed where that is the same.
  ///   - contactSheet: a picture of holes and completions, or nil for none.
  ///   - reporter: told of skipped images and of progress.
  /// - Throws: `Interrupted` after a signal, with the work so far kept.
  public func run(
    _ plan: ImputationPlan, into directory: OutputDirectory, record: RunRecord,
    contactSheet: Output? = nil, reporter: TaskReporter
  ) throws -> Summary {
    var record = record
    record.identity = SHA256.hexadecimal(of: Array("\(record.identity) \(options.identity)".utf8))
    let journal = try CompletionJournal(in: directory, identity: record.identity)
    let work = try complete(plan, ImputationWork(self, plan, directory, journal), reporter)
    var summary = work.summary
    summary.stepCost = work.stepCost()
    let table = work.rows.reduce(into: CSV.line(CompletionRow.header)) { text, row in
      text += CSV.line(row.fields)
    }
    try directory.write(Array(table.utf8), to: CompletionJournal.resultsName)
    record.counts = summary.counts
    // First, since it says whose the sheet is.
    try record.write(to: directory)
    if let contactSheet { try CompletionSheet(plan, work.rows, directory).write(to: contactSheet) }
    try journal.finish()
    return summary
  }

  private func complete(
    _ plan: ImputationPlan, _ start: ImputationWork, _ reporter: TaskReporter
  ) throws -> ImputationWork {
    var work = start
    for problem in plan.problems { try work.skip(problem, reporter) }
    for (place, item) in plan.items.enumerated() {
      try work.take(item, reporter)
      if work.isFull { try work.flush() }
      reporter.progress(.init(done: place + 1 - work.pendingCount, total: plan.items.count))
      if Interruption.isRequested {
        try work.flush()
        throw Interrupted("interrupted after \(work.summary.images) images; --resume goes on")
      }
    }
    try work.flush()
    reporter.progress(.init(done: plan.items.count, total: plan.items.count))
    guard !work.rows.isEmpty else {
      throw TaskError("\(plan.pairing.folder.root): no image could be completed")
    }
    return work
  }
}

extension Imputer.Summary {
  /// The numbers that do not depend on where a run was interrupted.
  var counts: [(name: String, value: Int)] {
    [
      ("images", images), ("completions", completions), ("exact", exact), ("without_hole", whole),
      ("skipped", skipped),
    ]
  }
}
