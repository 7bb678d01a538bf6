public import Files
import Images
import Models
import Tensors

/// A whole training: images in, a model file, its log and its curve out.
public struct TrainingRun: Sendable {
  /// Where the images that judge the model come from.
  public enum Validation: Sendable, Equatable {
    /// This share of the images, chosen by the seed.
    case fraction(Double)
    /// The images of another directory.
    case directory(String)
  }

  /// The images of a training, ready.
  public struct Split: Sendable {
    /// The images that the model learns.
    public let training: ImageDataset
    /// The images that judge it.
    public let validation: ImageDataset
    /// Whether these are the images that it learns, since no class can spare one.
    public let isJudgedByItself: Bool
    /// The files that were skipped.
    public let problemCount: Int
  }

  /// What came of a training.
  public struct Outcome: Sendable {
    /// Score, steps and time.
    public let result: TrainingResult
    /// The model, as written.
    public let file: ModelFile
    /// The curve's picture; nil where the log has nothing to show.
    public let curve: String?
  }

  /// The model's name in the zoo.
  public var model: String
  /// The model file to be written.
  public var output: String
  /// The model's settings, by name.
  public var settings: [String: String] = [:]
  /// What it begins with; nil for weights drawn by the seed.
  public var start: ModelStart?
  /// Reads the images.
  public var loader = DatasetLoader()
  /// Where the images that judge the model come from.
  public var validation = Validation.fraction(0.1)
  /// Whether labelled images give a class-conditional model.
  public var isConditional = true
  /// How it is trained.
  public var options = TrainingOptions()
  /// Whether to go on from a checkpoint.
  public var resumes = false
  /// Whether to replace a model that exists.
  public var overwrites = false
  /// Called where a checkpoint or the log cannot be written; training goes on.
  public var warn: @Sendable (String) -> Void = { _ in }

  /// A training of this model into this file.
  public init(model: String, output: String) {
    self.model = model
    self.output = output
  }

  /// Whether a training that is to be resumed has ended already: its model is there, and no
  /// checkpoint.
  public var isFinished: Bool {
    resumes && !overwrites && FileSystem.exists(output)
      && !FileSystem.exists(Trainer.checkpointPath(output))
  }

  /// Keeps other runs out of the model file while this one is held.
  ///
  /// - Throws: `OutputError` where another run has it, or it is no place for a file.
  public func lock() throws -> RunLock {
    _ = try Output(output, option: "--output", policy: .overwrite, inputs: .none)
    return try RunLock(file: output)
  }

  /// Finds what is wrong before images are read: an unknown model or setting, an output that must
  /// not be replaced or has no place.
  public func check() throws {
    let type = try Zoo.model(named: model)
    try Self.check(startedSettings(), of: type)
    if loader.binarization == .dynamic, type is any Fitted.Type {
      throw TrainingError(
        "'\(model)' is fitted to all images at once, which have to stay what they are: --binarize dynamic is for "
          + "models that learn batch by batch; --binarize threshold is for all")
    }
    let checkpoint = Trainer.checkpointPath(output)
    if !resumes, !overwrites, FileSystem.exists(checkpoint) {
      throw TrainingError(
        "\(checkpoint): an interrupted training left it; --resume goes on from there, "
          + "--overwrite starts again")
    }
    var judges: String?
    if case .directory(let path) = validation { judges = path }
    let policy: Output.Policy = overwrites ? .overwrite : resumes ? .resume : .refuse
    try checkOutputs(
      policy, against: Inputs(loader.labels.file, loader.unlabelled, judges, start?.path))
    if overwrites, !resumes { try FileSystem.removeFile(checkpoint) }
  }

  /// Makes sure that the model, its log and its curve may be written and harm nothing that is read.
  private func checkOutputs(_ policy: Output.Policy, against inputs: Inputs) throws {
    for path in [
      output, TrainingLog.path(for: output), TrainingCurve.path(for: output),
      Trainer.checkpointPath(output),
    ] {
      _ = try Output(path, option: "--output", policy: policy, inputs: inputs, isOwn: true)
    }
  }

  /// Makes sure that the model that is there already is of these images, this kind and this seed.
  ///
  /// - Throws: `TrainingError` where it is not, since it would pass for the one asked for.
  public func confirmFinished(_ split: Split) throws {
    let file = try ModelFile(contentsOf: output)
    for (what, former, present) in [
      ("is another model", type(of: file.model).card.name, model),
      ("was trained with another seed", file.training["seed"], "\(options.seed)"),
      (
        "was trained on other images", file.training["data_fingerprint"], split.training.fingerprint
      ),
    ] where former != nil && former != present {
      throw TrainingError(
        "\(output): is finished, but \(what); resume with the same, or start again with --overwrite"
      )
    }
  }

  /// The settings: those of what it begins with, unless others were given.
  private func startedSettings() throws -> [String: String] {
    let first = try start?.settings(for: Zoo.model(named: model)) ?? [:]
    return first.merging(settings) { $1 }
  }

  private static func check<Model: GenerativeModel>(
    _ settings: [String: String], of model: Model.Type
  ) throws {
    _ = try Model.Configuration(texts: settings, model: Model.card.name)
  }

  /// Reads the images and sets those aside that judge the model.
  public func load(_ path: String) throws -> Split {
    if PathRelation.isSameOrInside(FileSystem.directory(of: output), path) {
      throw TrainingError(
        "\(output): lies inside of \(path), whose images its curve would join; write elsewhere")
    }
    try checkOutputs(.overwrite, against: Inputs(path))
    let all = try loader.load(path)
    let heedsClasses = try Zoo.model(named: model).card.heedsClasses
    let images = isConditional && heedsClasses ? all : all.unlabelled
    switch validation {
    case .fraction(let fraction): return split(images, fraction, problemCount: all.problems.count)
    case .directory(let other):
      var loader = loader
      loader.labels = LabelSource()
      loader.unlabelled = nil
      loader.size = (images.shape.width, images.shape.height)
      loader.channels = images.shape.channels
      loader.levels = images.shape.levels
      let judges = try loader.load(other)
      return Split(
        training: images, validation: judges.relabelled(for: images.classes),
        isJudgedByItself: false, problemCount: all.problems.count + judges.problems.count)
    }
  }

  /// The images of a training that are in memory already, those set aside that judge the model.
  package func split(_ images: ImageDataset) throws -> Split {
    guard case .fraction(let fraction) = validation else {
      preconditionFailure("images in memory are judged by a share of their own")
    }
    let heedsClasses = try Zoo.model(named: model).card.heedsClasses
    return split(heedsClasses ? images : images.unlabelled, fraction, problemCount: 0)
  }

  private func split(_ images: ImageDataset, _ fraction: Double, problemCount: Int) -> Split {
    let (held, rest) = images.split(fraction: fraction, seed: options.seed)
    let isAlone = held.count == 0
    return Split(
      training: rest, validation: isAlone ? rest : held, isJudgedByItself: isAlone,
      problemCount: problemCount)
  }

  /// Learns the model and writes it with its log and curve; a checkpoint is removed then.
  ///
  /// - Throws: `Interrupted` where a stop is asked for, with a checkpoint written.
  public func train(
    _ split: Split, context: Context = Context(),
    report: @escaping (TrainingProgress) -> Void = { _ in }
  ) throws -> Outcome {
    let instance = try ModelInstance(
      named: model, settings: startedSettings(), shape: split.training.shape,
      classCount: split.training.classes.count, seed: options.seed)
    try start?.apply(to: instance)
    var options = options
    options.startDigest = start?.digest
    let result = try Trainer(
      instance, training: split.training, validation: split.validation, options: options,
      output: output, resume: resumes, context: context, warn: warn, report: report
    ).run()
    let file = ModelFile(
      instance: instance, classes: split.training.classes,
      training: metadata(
        split, result, context.precision,
        isEven: BatchOrder.drawsClassesEvenly(
          split.training, for: instance.model, batchSize: options.batchSize)))
    try file.write(to: output)
    let curve = try TrainingCurve.write(
      for: output, model: model, isLikelihood: result.isLikelihood)
    try FileSystem.removeFile(Trainer.checkpointPath(output))
    return Outcome(result: result, file: file, curve: curve)
  }

  /// What the model file says of its training.
  ///
  /// Nothing here depends on the clock, so that equal trainings give
  /// equal bytes; times stand in the log.
  private func metadata(
    _ split: Split, _ result: TrainingResult, _ precision: ElementType, isEven: Bool
  ) -> [String: String] {
    var entries = [
      "tool_version": ToolVersion.current, "seed": "\(options.seed)",
      "data_fingerprint": split.training.fingerprint, "images": "\(split.training.count)",
      "validation_images": "\(split.validation.count)",
      "steps": "\(result.steps)", "transforms": options.transforms.rawValue,
    ]
    if !split.training.classes.isEmpty {
      entries[ModelFile.classCountsKey] =
        split.training.classCounts.map(String.init).joined(separator: " ")
      if isEven { entries[ModelFile.classesAreEvenKey] = "true" }
    }
    if split.training.isDrawn { entries[ModelFile.binarizationKey] = Binarization.dynamic.rawValue }
    if let start { entries["started_from"] = start.modelName }
    if split.training.isPartlyLabelled {
      entries["labelled_images"] = "\(split.training.labelledCount)"
    }
    if let score = result.validation {
      entries[result.isLikelihood ? "validation_nats" : "validation"] = "\(score)"
      entries["validation_kind"] = result.validationKind
    }
    if result.steps > 0 {
      entries["batch"] = "\(options.batchSize)"
      entries["precision"] = "\(precision)"
      entries["weights"] = result.isAverage ? "average" : "last"
    }
    return entries
  }
}
