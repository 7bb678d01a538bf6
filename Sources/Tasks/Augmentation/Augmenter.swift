public import Files
import Images
import Models
import Tensors
public import Training

/// Draws new images for the classes of a data set.
public struct Augmenter {
  private let file: ModelFile
  private let options: AugmentationOptions
  private let context: Context
  private let drawer: SampleDrawer

  /// An augmenter with this model.
  ///
  /// - Throws: `EngineError.cannot` where the model cannot sample, check labels or draw around originals, and shall.
  public init(_ file: ModelFile, options: AugmentationOptions, context: Context) throws {
    self.file = file
    self.options = options
    self.context = context
    var drawing = SampleDrawer.Options()
    drawing.temperature = options.temperature
    drawing.checksLabels = options.labelCheck != nil
    // Of a file that does not say: all alike.
    drawing.classCounts = file.classShares ?? file.classes.map { _ in 1 }
    drawer = try SampleDrawer(file.model, drawing, context)
    guard options.around != nil else { return }
    guard drawer.takesLatents, file.model is any Encoding else {
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
    guard dataset.shape == file.model.shape else {
      throw TaskError(
        "\(path): holds images of \(dataset.shape), but the model is one of \(file.model.shape)")
    }
    let plan = try AugmentationPlan(
      options, dataset: dataset, modelClasses: file.classes, path: path)
    guard plan.classes.allSatisfy({ $0.count < SamplePlace.mostNumbers }) else {
      throw TaskError("at most \(SamplePlace.mostNumbers - 1) images a class can be drawn")
    }
    if options.labelCheck != nil, plan.classes.contains(where: { $0.label == nil }) {
      throw TaskError("--label-check: the images of \(path) have no labels; leave it out")
    }
    if options.around != nil,
      let empty = plan.classes.first(where: { $0.count > 0 && $0.originals == 0 })
    {
      throw TaskError("--around: \(empty.title) of \(path) has no image to draw around")
    }
    if dataset.classes.isEmpty, !file.classes.isEmpty {
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

  /// Draws what a plan lacks; writes the images, `manifest.csv`, `run.json` and a contact sheet.
  ///
  /// - Parameters:
  ///   - path: the directory of the data set.
  ///   - record: how the run came to be; its identity says what it depends on besides the options
  ///     and the images: a run is resumed where that is the same.
  ///   - contactSheet: a picture with a row a class, or nil for none.
  /// - Throws: `Interrupted` after a signal; `TaskError` where nearly all samples are rejected. Both
  ///   keep the work so far.
  public func run(
    _ plan: AugmentationPlan, _ dataset: ImageDataset, path: String,
    into directory: OutputDirectory, record: RunRecord, contactSheet: Output? = nil,
    reporter: TaskReporter
  ) throws -> AugmentationSummary {
    let originals = try OriginalFiles(plan, dataset, path: path, options.originals)
      .fitting(directory, reporter)
    let plan = try plan.leavingOut(reporter, directory.obstacle)
    var record = record
    record.identity =
      RunIdentity([
        (.model, record.modelDigest), (.images, dataset.fingerprint),
        (.arguments, "\(record.identity) \(options.identity(context.precision))"),
      ]).text
    let journal = try RunJournal<AugmentationRow>(in: directory, identity: record.identity)
    let encoder = try encoder()
    let check = CopyCheck(
      dataset, plan,
      // Features as `embed` writes them: told the class, an encoder can leave out what it says.
      encoded: try encoder.map { try EncodedOriginals($0, dataset.unlabelled) })
    let neighbourhood = try encoder.flatMap { encoder in
      try options.around.map { around in
        try LatentNeighbourhood(
          EncodedOriginals(encoder, dataset.relabelled(for: file.classes)), dataset, plan, around)
      }
    }
    let drawer =
      options.labelCheck == nil
      ? drawer : drawer.calibrated(on: dataset.relabelled(for: file.classes))
    var work = try AugmentationWork(
      options, drawer, neighbourhood, plan, check, directory, journal, shape: file.model.shape)
    do {
      try work.drawAll(reporter, context)
    } catch {
      try work.writeManifest()
      throw error
    }
    try work.writeManifest()
    try originals.place(in: directory)
    let summary = summary(plan, work, check, originals)
    record.counts = summary.counts
    record.facts = [
      ("score_kind", summary.scoreKind.map { .text("\($0)") } ?? .null),
      ("classes", summary.json),
    ]
    // First, since it says whose the sheet is.
    try record.write(to: directory)
    if let contactSheet { try AugmentationSheet(plan, directory).write(to: contactSheet) }
    try journal.finish()
    return summary
  }

  /// What tells features, where the model does.
  private func encoder() throws -> FeatureEncoder? {
    guard let model = file.model as? any Encoding else { return nil }
    var wanted = FeatureEncoder.Options()
    wanted.wantsVariances = model.givesVariances
    return try FeatureEncoder(model, wanted, context)
  }

  private func summary(
    _ plan: AugmentationPlan, _ work: AugmentationWork, _ check: CopyCheck,
    _ originals: OriginalFiles
  ) -> AugmentationSummary {
    let classes = plan.classes.indices.map { place in
      let (group, rows) = (plan.classes[place], work.rows[place])
      return AugmentationSummary.Class(
        name: group.name, originals: group.originals, images: rows.count,
        rejected: rows.reduce(0) { $0 + $1.rejectedBefore },
        medianDistance: Self.median(rows.map(\.distance)),
        copyDistance: options.allowsCopies ? nil : check.thresholds[place],
        medianEncoderDistance: Self.median(rows.compactMap(\.encoderDistance)),
        encoderCopyDistance: options.allowsCopies ? nil : check.encoderThresholds?[place])
    }
    return AugmentationSummary(
      classes: classes, resumed: work.resumed, originals: originals.count,
      scoreKind: drawer.scoreKind)
  }

  /// The lower median, with as many digits as the manifest keeps for a run that is resumed; nil of no
  /// numbers.
  private static func median(_ numbers: [Double]) -> Double? {
    guard !numbers.isEmpty else { return nil }
    let median = numbers.sorted()[(numbers.count - 1) / 2]
    return Double(FixedPoint.text(median, digits: AugmentationRow.digits))
  }
}
