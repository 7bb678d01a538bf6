import ArgumentParser
import Files
import Images
import Models
import Tasks
import Tensors
import Training

private let defaults = Recommender.Options()

/// `lacuna recommend`.
struct RecommendCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Find out what augmentation helps on a directory, if any.",
    discussion: """
      Parts of the labelled images are left out in turn; classifiers learn from the others and from what each \
      way of augmentation makes of them, and are judged by the part left out. Tried are ordinary \
      transforms by kind and together, images from models that learn within each part, images without a \
      label whose class a model is sure of, and amounts; the hopeless are dropped early. Writes a recipe, \
      which 'lacuna augment DATASET --recipe FILE --output DIR' obeys, with the models that it needs \
      beside it. 'Nothing helps' is a common answer, and then augment refuses. The gain to expect is \
      that of the best way on images that did not choose it, with a 90 % interval; a way is recommended where its \
      gain is above 0 by one standard error. No test image is ever read.

      Interrupted or killed, the same command with --resume goes on to the same recipe.

      Examples:
        lacuna recommend fixtures/digits --minutes 0.2 --output recipe.json \\
          --plot recipe.png
        lacuna augment fixtures/digits --recipe recipe.json --anyway \\
          --originals copy --output augmented
      """)

  @Argument(help: "The directory of labelled images.")
  var dataset: String

  @OptionGroup
  var others: UnlabelledOption

  @Option(
    help: "Minutes in all.", value: "minutes", takes: .number(above: 0))
  var minutes = defaults.minutes

  @Option(
    help: """
      What training does anyway, so that gains beside it count: kinds of transforms as for augment --transforms; transforms \
      stands for light.
      """, value: "kinds", takes: .base)
  var base = defaults.base

  @Option(
    help: "The classifier that judges; residual is the stronger one, and several times slower.",
    takes: .one(of: ClassifierKind.allCases))
  var classifier = defaults.classifier

  @Option(help: ArgumentHelp("The recipe to write.", valueName: "file.json"))
  var output: String

  @Option(picture: "Draw the gains of what was tried, and the gain against the amount.")
  var plot: String?

  @Option(seed: "Decides parts, initial weights and random numbers.")
  var seed: UInt64

  @OptionGroup(title: "Images")
  var imageShape: ImageShapeOptions

  @OptionGroup(title: "Labels")
  var table: LabelTableOption

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Output")
  var files: OutputOptions

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func run(session: Session) throws {
    let inputs = Inputs(dataset, others.unlabelled, table.labels)
    if files.resume, FileSystem.exists(output) {
      let recipe = try AugmentationRecipe(contentsOf: output)
      session.note("\(output): is finished already; --overwrite finds it anew")
      return try tell(recipe, session)
    }
    let place = try Output(output, option: "--output", policy: files.policy, inputs: inputs)
    for path in Recommender.modelPaths(beside: output) {
      _ = try Output(
        path, option: "--output", policy: files.policy, inputs: inputs, isOwn: files.resume)
    }
    let picture = try plot.map {
      try Output($0, option: "--plot", policy: files.policy, inputs: inputs)
    }
    let lock = try RunLock(file: output)
    defer { withExtendedLifetime(lock) {} }
    var loader = DatasetLoader()
    imageShape.apply(to: &loader)
    table.apply(to: &loader)
    others.apply(to: &loader)
    input.apply(to: &loader, session)
    let images = try loader.load(dataset)
    session.note(
      "\(images.labelledCount) labelled images of \(images.classes.count) classes, "
        + "\(images.count - images.labelledCount) without a label: \(images.shape)")
    var options = defaults
    options.minutes = minutes
    options.base = base
    options.classifier = classifier
    options.seed = seed
    options.resumes = files.resume
    let recipe = try Recommender(options, machine.context(auto: .float32)).run(
      images, path: dataset, unlabelled: others.unlabelled, to: place
    ) { session.progress.update(Self.report($0)) }
    if let picture {
      try ImageFile.write(
        RecommendationPlot.image(recipe, title: FileSystem.lastComponent(of: dataset)), to: picture)
    }
    try tell(recipe, session)
  }

  private func tell(_ recipe: AugmentationRecipe, _ session: Session) throws {
    try session.result(recipe.json, text: RecommendReport.text(recipe, output))
  }

  private static func report(_ progress: Recommender.Progress) -> ProgressReporter.Report {
    let leading = progress.leading.map {
      ["\($0.title) leads by \(FixedPoint.text(100 * $0.gain, digits: 1)) points"]
    }
    return .init(
      fraction: progress.fraction,
      detail: ([progress.stage] + (leading ?? [])).joined(separator: ", "))
  }
}
