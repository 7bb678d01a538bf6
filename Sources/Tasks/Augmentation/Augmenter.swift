public import Files
import Images
import Models
import Tensors
public import Training

/// Makes new images for the classes of a data set.
public struct Augmenter {
  /// The trained models of a run.
  public struct Files: Sendable {
    /// What draws images; nil where none are drawn.
    public var drawing: ModelFile?
    /// What tells the classes of images without a label; nil: what draws.
    public var labelling: ModelFile?

    /// These models.
    public init(drawing: ModelFile? = nil, labelling: ModelFile? = nil) {
      self.drawing = drawing
      self.labelling = labelling
    }
  }

  let files: Files
  let options: AugmentationOptions
  let context: Context
  /// What draws whole images; nil where none are drawn.
  let drawer: SampleDrawer?

  /// An augmenter with these models.
  ///
  /// - Throws: `EngineError.cannot` where the model cannot sample, complete, check labels or draw around originals, and shall.
  public init(_ files: Files, options: AugmentationOptions, context: Context) throws {
    self.files = files
    self.options = options
    self.context = context
    guard let file = files.drawing, options.amount != nil, options.redrawn == nil else {
      drawer = nil
      return
    }
    var drawing = SampleDrawer.Options()
    drawing.temperature = options.temperature
    drawing.checksLabels = options.labelCheck != nil
    // Of a file that does not say: all alike.
    drawing.classCounts = file.classShares ?? file.classes.map { _ in 1 }
    let drawer = try SampleDrawer(file.model, drawing, context)
    self.drawer = drawer
    guard options.around == nil || drawer.takesLatents && file.model is any Encoding else {
      throw EngineError.cannot(
        "--around: '\(type(of: file.model).card.name)' does not encode images and paint them again; "
          + "leave it out, or train a model that does, such as vae")
    }
  }

  /// Shares out what is to be drawn, and warns of what will hardly do.
  ///
  /// - Throws: `TaskError` where the images or their classes are not those of the model.
  public func plan(
    _ dataset: ImageDataset, path: String, reporter: TaskReporter
  ) throws -> AugmentationPlan {
    for file in [files.drawing, files.labelling].compactMap({ $0 })
    where dataset.shape != file.model.shape {
      throw TaskError(
        "\(path): holds images of \(dataset.shape), but the model is one of \(file.model.shape)")
    }
    let plan = try AugmentationPlan(
      options, dataset: dataset, modelClasses: files.drawing?.classes, path: path)
    guard plan.classes.allSatisfy({ $0.count < SamplePlace.mostNumbers }) else {
      throw TaskError("at most \(SamplePlace.mostNumbers - 1) images a class can be drawn")
    }
    try check(plan, dataset, path: path)
    if dataset.classes.isEmpty, files.drawing?.classes.isEmpty == false {
      reporter.warn(
        "\(path): no image has a label; what is drawn is of no class of the model. --labels FILE.csv "
          + "or folders named by class give labels")
    }
    if dataset.classes.count == 1 {
      reporter.warn("\(path): has one class alone; a classifier needs others beside it")
    }
    for group in plan.classes where group.count > 0 && group.originals < 2 {
      reporter.warn(
        "\(path): \(group.title) has \(group.originals) image\(group.originals == 1 ? "" : "s"); "
          + "how near a copy is cannot be judged from that, and a model can hardly learn it")
    }
    return try plan.leavingOut(reporter, PathLimits.objection)
  }

  /// Makes sure that the images allow what is asked for.
  private func check(_ plan: AugmentationPlan, _ dataset: ImageDataset, path: String) throws {
    if options.labelCheck != nil, plan.classes.contains(where: { $0.label == nil }) {
      throw TaskError("--label-check: the images of \(path) have no labels; leave it out")
    }
    for (option, isGiven) in [
      ("--around", options.around != nil), ("--redraw", options.redrawn != nil),
    ]
    where isGiven {
      if let empty = plan.classes.first(where: { $0.count > 0 && $0.originals == 0 }) {
        throw TaskError("\(option): \(empty.title) of \(path) has no image to draw around")
      }
    }
    if options.pseudoLabel != nil, dataset.labelledCount == dataset.count || dataset.classes.isEmpty
    {
      throw TaskError(
        "--pseudo-label: \(path) has no images without a label beside labelled ones; put them into a folder "
          + "_unlabelled, or name their directory by --unlabelled")
    }
  }

  /// Makes what a plan lacks; writes the images, `manifest.csv`, `run.json` and a contact sheet.
  ///
  /// - Parameters:
  ///   - path: the directory of the data set.
  ///   - record: how the run came to be; its identity says what it depends on besides the options
  ///     and the images: a run is resumed where that is the same.
  ///   - contactSheet: a picture with a row a class, or nil for none.
  ///   - shard: the block of the places that get images; nil: all. The directory gets a record of it, too; originals are
  ///     copied by the first one.
  /// - Throws: `Interrupted` after a signal; `TaskError` where nearly all samples are rejected. Both
  ///   keep the work so far.
  public func run(
    _ plan: AugmentationPlan, _ dataset: ImageDataset, path: String,
    into directory: OutputDirectory, record: RunRecord, contactSheet: Output? = nil,
    shard: Shard? = nil, reporter: TaskReporter
  ) throws -> AugmentationSummary {
    precondition(shard == nil || contactSheet == nil, "a sheet shows all images")
    let plan = try fitting(plan, directory, shard, reporter)
    let portions = try portions(plan, dataset)
    let originals = try OriginalFiles(
      plan, portions, dataset, path: path, shard?.isFirst ?? true ? options.originals : .none
    ).fitting(directory, reporter)
    var record = record
    let part = AugmentationShard(
      shard, portions, record, "\(record.identity) \(options.identity(context.precision))",
      dataset, options)
    record.identity = part.identity
    var store = try AugmentationDirectory(
      directory, identity: record.identity, shape: dataset.shape)
    try directory.remove(ShardRecord.fileName)
    var works = try zip(portions, part.places).map {
      try AugmentationWork(options, $0, &store, places: $1)
    }
    try store.removeOthers()
    do {
      try makeAll(&works, &store, reporter)
    } catch {
      try store.writeManifest(works.flatMap { $0.rows.joined() })
      throw error
    }
    try store.writeManifest(works.flatMap { $0.rows.joined() })
    try originals.place(in: directory)
    let summary = AugmentationSummary(
      plan, zip(portions, works).map { ($0, $1.rows) }, allowsCopies: options.allowsCopies,
      resumed: works.reduce(0) { $0 + $1.resumed }, originals: originals.count)
    record.counts = summary.counts
    record.facts = [
      ("score_kind", summary.scoreKind.map { .text("\($0)") } ?? .null),
      ("classes", summary.json),
    ]
    // First, since it says whose the sheet is.
    try record.write(to: directory)
    if let contactSheet {
      try AugmentationSheet(portions.map(\.plan), directory).write(to: contactSheet)
    }
    try part.write(record, works.flatMap { $0.rows.joined() }, originals, to: directory)
    try store.finish()
    return summary
  }

  /// The plan without classes that cannot be written into a directory.
  ///
  /// - Throws: `TaskError` where a shard would leave some out: the others might not, and their blocks begin elsewhere then.
  private func fitting(
    _ plan: AugmentationPlan, _ directory: OutputDirectory, _ shard: Shard?,
    _ reporter: TaskReporter
  ) throws -> AugmentationPlan {
    let fitting = try plan.leavingOut(reporter, directory.obstacle)
    guard shard == nil || fitting.total == plan.total else {
      throw TaskError(
        "\(directory.path): cannot hold the images of all classes, which a shard has to; give --output another name"
      )
    }
    return fitting
  }

  /// The images of a plan in memory, as ``run(_:_:path:into:record:contactSheet:reporter:)`` writes them: ordered by the
  /// ways in which they come about and by their files.
  package func images(_ plan: AugmentationPlan, _ dataset: ImageDataset) throws -> ImageDataset {
    var store = AugmentationMemory()
    var works = try portions(plan, dataset).map { try AugmentationWork(options, $0, &store) }
    try makeAll(&works, &store, TaskReporter())
    return store.dataset(works.flatMap { $0.rows.joined() }, like: dataset)
  }

  private func makeAll(
    _ works: inout [AugmentationWork], _ store: inout some AugmentationStore,
    _ reporter: TaskReporter
  ) throws {
    let total = works.reduce(0) { $0 + $1.waitingCount + $1.resumed }
    var before = 0
    for place in works.indices {
      let present = before
      try works[place].makeAll(&store, context) {
        reporter.progress(.init(done: present + $0, total: total))
      }
      before += works[place].rows.reduce(0) { $0 + $1.count }
    }
  }
}
