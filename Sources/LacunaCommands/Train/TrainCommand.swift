import ArgumentParser
import Files
import Models
import Tasks
import Tensors
import Training

/// `lacuna train`.
struct TrainCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learn a model from a directory of images.",
    discussion: """
      DATASET holds PNG and JPEG files, in folders named by class or without folders. Labelled \
      images give a class-conditional model; those in a folder _unlabelled have no label. A model \
      that learns from both sees the labelled ones again and again, and validation holds none of \
      them back while there are enough others. The weights with the best validation score are kept, \
      and training ends by itself when that no longer improves. Models that encode see few images \
      moved about (--transforms); validation sees images as they are. Writes \
      FILE.safetensors, FILE.log.jsonl and FILE.curve.png.

      Interrupted or killed, the same command with --resume goes on to the same result.

      Examples:
        lacuna train fixtures/digits --model naive-bayes \\
          --output digits.safetensors
        lacuna train fixtures/digits --model contrastive --epochs 2 \\
          --output contrastive.safetensors
        lacuna train fixtures/digits --model classifier --epochs 2 \\
          --start contrastive.safetensors --output classifier.safetensors
        lacuna train fixtures/digits --model pixelcnn --levels 17 --epochs 2 \\
          --set layers=2 --set channels=8 --output pixelcnn.safetensors
      """)

  @Argument(help: ArgumentHelp("The directory of images.", valueName: "dataset"))
  var dataset: String

  @Option(help: "What to learn; 'lacuna models' lists the names.")
  var model: String

  @Option(help: ArgumentHelp("The model file to write.", valueName: "file.safetensors"))
  var output: String

  @OptionGroup(title: "Length")
  var length: TrainingLengthOptions

  @OptionGroup(title: "Images")
  var shape: ImageShapeOptions

  @OptionGroup(title: "Images")
  var binarization: BinarizeOption

  @OptionGroup(title: "Labels")
  var labels: LabelOptions

  @OptionGroup(title: "Labels")
  var others: UnlabelledOption

  @OptionGroup(title: "Validation")
  var validation: ValidationOptions

  @OptionGroup(title: "Start")
  var start: StartOption

  @OptionGroup(title: "Learning")
  var learning: LearningOptions

  @OptionGroup(title: "Transforms")
  var transforms: TransformOptions

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Output")
  var files: OutputOptions

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func validate() throws {
    try labels.check(against: learning)
    try binarization.check(against: shape)
  }

  func run(session: Session) throws {
    var run = try makeRun(session)
    if run.isFinished {
      try run.confirmFinished(run.load(dataset))
      session.note("\(output): is finished already; --overwrite trains it again")
      return
    }
    let lock = try run.lock()
    try run.check()
    defer { withExtendedLifetime(lock) {} }
    let split = try run.load(dataset)
    transforms.apply(to: &run, split.training)
    session.note(Self.description(of: split))
    if let start = run.start {
      session.note("begins with weights of \(start.path), a \(start.modelName)")
    }
    if let choice = transforms.description(run, split.training) { session.note(choice) }
    if split.isJudgedByItself {
      session.warn(
        "\(dataset): no class can spare an image for validation; the model is judged by the images "
          + "that it learns, and will not end before it knows them by heart")
    }
    let outcome = try run.train(split, context: machine.context(auto: .fastest)) {
      session.progress.update(Self.report($0))
    }
    session.progress.finish()
    try TrainReport(run, split, outcome).write(session)
  }

  private func makeRun(_ session: Session) throws -> TrainingRun {
    var run = TrainingRun(model: model, output: output)
    run.start = try start.read()
    shape.apply(to: &run.loader, or: run.start?.shape)
    binarization.apply(to: &run.loader, seed: learning.seed)
    labels.apply(to: &run.loader, seed: learning.seed)
    others.apply(to: &run.loader)
    input.apply(to: &run.loader, session)
    run.warn = { session.warn($0) }
    run.settings = learning.settings
    run.isConditional = !learning.unconditional
    run.validation = validation.source
    length.apply(to: &run.options)
    learning.apply(to: &run.options)
    run.resumes = files.resume
    run.overwrites = files.overwrite
    return run
  }

  private static func description(of split: TrainingRun.Split) -> String {
    let training = split.training
    let classes = training.classes.count
    let labelled = training.isPartlyLabelled ? " (\(training.labelledCount) labelled)" : ""
    return "\(training.count) images to learn\(labelled), \(split.validation.count) to validate: "
      + "\(training.shape), \(classes == 0 ? "unlabelled" : "\(classes) classes")"
  }

  private static func report(_ progress: TrainingProgress) -> ProgressReporter.Report {
    var parts = ["epoch \(FixedPoint.text(progress.epoch, digits: 1))"]
    for (name, value) in progress.values where value.isFinite {
      parts.append("\(name) \(FixedPoint.text(value, digits: 2))")
    }
    if let score = progress.validation {
      parts.append("validation \(FixedPoint.text(score, digits: 2))")
    }
    parts.append("\(FixedPoint.text(progress.imagesPerSecond, digits: 0)) images a second")
    return .init(
      fraction: progress.fraction, detail: parts.joined(separator: ", "),
      secondsLeft: progress.secondsLeft)
  }
}
