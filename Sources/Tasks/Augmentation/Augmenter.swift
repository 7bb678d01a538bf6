public import Files
public import Models
import Tensors
public import Training

/// Draws new images for the classes of a data set.
public struct Augmenter {
  /// What came of a run.
  public struct Summary: Sendable, Equatable {
    /// What came of one class.
    public struct Class: Sendable, Equatable {
      /// Its name; nil where the images have no classes.
      public let name: String?
      /// The images that there were.
      public let originals: Int
      /// New images, those of earlier runs included.
      public let images: Int
      /// Samples that were rejected.
      public let rejected: Int
      /// The median of the distances to the nearest original; nil without images.
      public let medianDistance: Double?
      /// The distance up to which a sample is a copy; nil where copies are allowed.
      public let copyDistance: Double?
      /// The median of the distances of features to the nearest original's; nil where the model does not encode.
      public let medianEncoderDistance: Double?
      /// The distance of features up to which a sample is a copy; nil where copies are allowed.
      public let encoderCopyDistance: Double?
    }

    /// The classes in the order of the data set.
    public var classes: [Class]
    /// Images that an earlier run had drawn.
    public var resumed: Int
    /// Originals that were copied or linked.
    public var originals: Int
    /// What the log-likelihoods are; nil where the model has none.
    public var scoreKind: ScoreKind?
  }

  let file: ModelFile
  let options: AugmentationOptions
  let source: SampleSource

  /// An augmenter with this model.
  ///
  /// - Throws: `ModelError` where the model cannot sample, `TaskError` where it cannot check labels,
  ///   or draw around originals, and shall.
  public init(_ file: ModelFile, options: AugmentationOptions) throws {
    guard let model = file.model as? any Sampling else {
      throw Zoo.lacking("sample", type(of: file.model))
    }
    self.file = file
    self.options = options
    let check = try options.labelCheck.map { _ in
      try LabelCheck(
        file.model,
        // Of a file that does not say: all alike.
        classCounts: file.classCounts ?? file.classes.map { _ in 1 }, Pass(options.precision))
    }
    if options.around != nil, !(model is any LatentVariable) {
      throw TaskError(
        "--around: '\(type(of: file.model).card.name)' does not encode images and paint them again; "
          + "leave it out, or train a model that does, such as vae")
    }
    source = SampleSource(model, check, options)
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
    if dataset.classes.count == 1 {
      reporter.warn("\(path): has one class alone; a classifier needs others beside it")
    }
    for group in plan.classes where group.count > 0 && group.originals < 2 {
      reporter.warn(
        "\(path): \(group.title) has \(group.originals) image\(group.originals == 1 ? "" : "s"); "
          + "how near a copy is cannot be judged from that, and a model can hardly learn it")
    }
    return plan
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
  ) throws -> Summary {
    let originals = try OriginalFiles(plan, dataset, path: path, options.originals)
    var record = record
    record.identity = SHA256.hexadecimal(
      of: Array("\(record.identity) \(dataset.fingerprint) \(options.identity)".utf8))
    let journal = try RunJournal<AugmentationRow>(in: directory, identity: record.identity)
    let pass = Pass(options.precision)
    let check = CopyCheck(
      dataset, plan,
      // Features as `embed` writes them: told the class, an encoder can leave out what it says.
      encoded: (file.model as? any Encoding).map { EncodedOriginals($0, dataset.unlabelled, pass) })
    var source = source
    if let around = options.around, let model = file.model as? any LatentVariable {
      let encoded = EncodedOriginals(model, dataset.relabelled(for: file.classes), pass)
      source.neighbourhood = LatentNeighbourhood(encoded, dataset, plan, around)
    }
    var work = try AugmentationWork(self, source, plan, check, directory, journal)
    do {
      try work.drawAll(reporter)
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

  private func summary(
    _ plan: AugmentationPlan, _ work: AugmentationWork, _ check: CopyCheck,
    _ originals: OriginalFiles
  ) -> Summary {
    let classes = plan.classes.indices.map { place in
      let (group, rows) = (plan.classes[place], work.rows[place])
      return Summary.Class(
        name: group.name, originals: group.originals, images: rows.count,
        rejected: rows.reduce(0) { $0 + $1.rejectedBefore },
        medianDistance: Self.median(rows.map(\.distance)),
        copyDistance: options.allowsCopies ? nil : check.thresholds[place],
        medianEncoderDistance: Self.median(rows.compactMap(\.encoderDistance)),
        encoderCopyDistance: options.allowsCopies ? nil : check.encoderThresholds?[place])
    }
    return Summary(
      classes: classes, resumed: work.resumed, originals: originals.count,
      scoreKind: source.scoreKind)
  }

  /// The lower median; nil of no numbers.
  private static func median(_ numbers: [Double]) -> Double? {
    numbers.isEmpty ? nil : numbers.sorted()[(numbers.count - 1) / 2]
  }
}

extension Augmenter.Summary {
  /// New images in all.
  public var images: Int { classes.reduce(0) { $0 + $1.images } }

  /// Samples that were rejected in all.
  public var rejected: Int { classes.reduce(0) { $0 + $1.rejected } }

  /// The numbers that do not depend on where a run was interrupted.
  var counts: [(name: String, value: Int)] {
    [
      ("images", images), ("drawn", images + rejected), ("rejected", rejected),
      ("originals", originals),
    ]
  }

  /// The classes, each an object.
  public var json: JSON {
    .list(
      classes.map { group in
        .object([
          ("class", group.name.map(JSON.text) ?? .null), ("originals", .integer(group.originals)),
          ("images", .integer(group.images)), ("drawn", .integer(group.images + group.rejected)),
          ("rejected", .integer(group.rejected)),
          ("median_distance", group.medianDistance.map(JSON.number) ?? .null),
          ("copy_distance", group.copyDistance.map(JSON.number) ?? .null),
          ("median_encoder_distance", group.medianEncoderDistance.map(JSON.number) ?? .null),
          ("encoder_copy_distance", group.encoderCopyDistance.map(JSON.number) ?? .null),
        ])
      })
  }
}
