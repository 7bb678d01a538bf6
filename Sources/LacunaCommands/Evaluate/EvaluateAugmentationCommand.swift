import ArgumentParser
import Files
import Images
import Models
import Tasks
import Tensors
import Training

private let defaults = AugmentationEvaluator.Options()

/// `lacuna evaluate augmentation`.
struct EvaluateAugmentationCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "augmentation",
    abstract: "Measure whether generated images help a classifier of real ones.",
    discussion: """
      One fixed small convolutional classifier is trained on real images alone, on real and \
      generated ones, on generated ones alone, on real ones with ordinary transforms (small \
      rotations, shifts, scalings), and on all together; the same number of steps each, and \
      several times, each with a seed that decides initial weights, batches and which images of a \
      class are kept. Accuracies are those on all test images, with their standard deviation over \
      the seeds. Differences are paired by seed, with their standard error; one is beyond the \
      spread where its 95 % interval leaves 0 out. All directories have the same class folders. \
      Where manifest.csv stands among the generated images, those that it names count.

      Examples:
        lacuna evaluate augmentation fixtures/digits fixtures/digits \\
          --generated more --labels-per-class 3 --seeds 2 --steps 50 --amounts 5,20 \\
          --plot augmentation.png
      """)

  @Argument(help: "The directory of real images to learn from.")
  var training: String

  @Argument(help: "The directory of real images to be judged by.")
  var test: String

  @Option(
    help: ArgumentHelp(
      "The directory of generated images, as lacuna augment writes it.", valueName: "directory"))
  var generated: String

  @Option(
    labelsPerClass: "Real images of each class to learn from, drawn by each seed.",
    otherwise: "all")
  var labelsPerClass: Int?

  @Option(help: "Trainings of each kind.", value: "count", takes: .number(in: 1...1000))
  var seeds = defaults.seeds

  @Option(help: "Steps of each training.", value: "count", takes: .number(in: 1...1_000_000))
  var steps = defaults.steps

  @Option(batch: "Images a step.")
  var batch = defaults.batchSize

  @Option(
    help: "Share of generated images in a mixed batch.", value: "share", takes: .share,
    otherwise: "0.5, or that of all images where some classes have none")
  var generatedShare: Double?

  @Option(
    help: """
      Ordinary transforms: kinds separated by commas, each of which may end with =strong: \(ImageTransforms.kindNames); \
      light and strong stand for the first four.
      """, value: "kinds", takes: .transforms)
  var transforms = defaults.transforms

  @Option(
    help: "The classifier; residual is the stronger one, and several times slower.",
    takes: .one(of: ClassifierKind.allCases))
  var classifier = defaults.classifier

  @Option(
    help: """
      Measure what these numbers of generated images of each class are worth too, as one set with the real ones; the first \
      ones of each class count.
      """, value: "N,N,...", takes: .counts)
  var amounts: [Int]?

  @Option(seed: "The first seed; the others follow it.")
  var seed: UInt64

  @Option(picture: "Draw the accuracies as a bar chart, and the worth of amounts as a curve.")
  var plot: String?

  @OptionGroup(title: "Images")
  var imageShape: ImageShapeOptions

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Output")
  var files: OverwriteOption

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func validate() throws {
    if generatedShare != nil, batch < 2 {
      throw ValidationError("--generated-share needs a --batch of at least 2")
    }
  }

  func run(session: Session) throws {
    let picture = try files.output(
      plot, option: "--plot",
      inputs: Inputs(training, test, generated, GeneratedImages.manifestPath(generated)))
    var loader = DatasetLoader()
    imageShape.apply(to: &loader)
    input.apply(to: &loader, session)
    let images = try AugmentationImages(
      training: training, test: test, generated: generated, loader: loader)
    tell(images, session)
    let evaluator = AugmentationEvaluator(
      images, options: options, context: machine.context(auto: .float32))
    let report = try evaluator.evaluate(progress: session.progress.images("classifiers"))
    if let picture {
      try ImageFile.write(
        AugmentationPlot.image(report, title: FileSystem.lastComponent(of: generated)), to: picture)
    }
    try session.result(
      json(report), text: AugmentationReportText.text(report, steps: steps, batch: batch))
  }

  private var options: AugmentationEvaluator.Options {
    var options = AugmentationEvaluator.Options()
    options.labelsPerClass = labelsPerClass
    options.seeds = seeds
    options.steps = steps
    options.batchSize = batch
    options.generatedShare = generatedShare
    options.transforms = transforms
    options.classifier = classifier
    options.amounts = amounts ?? []
    options.seed = seed
    return options
  }

  private func tell(_ images: AugmentationImages, _ session: Session) {
    for (path, count) in [
      (training, images.unlabelled.real), (test, images.unlabelled.test),
    ] where count > 0 {
      session.note("\(path): \(count) images have no label and are left out")
    }
    if !images.missing.isEmpty {
      session.warn(
        "\(generated): has no image of \(images.missing.joined(separator: ", ")); "
          + "no classifier is trained on generated images alone")
    }
  }

  private func json(_ report: AugmentationReport) -> JSON {
    let head: [(name: String, value: JSON)] = [
      ("training", .text(training)), ("test", .text(test)), ("generated", .text(generated)),
      ("labels_per_class", labelsPerClass.map(JSON.integer) ?? .null),
      ("seed", .unsigned(seed)), ("seeds", .integer(seeds)), ("steps", .integer(steps)),
      ("batch", .integer(batch)), ("transforms", .text("\(transforms)")),
      ("classifier", .text(classifier.rawValue)),
    ]
    return .object(head + AugmentationReportText.entries(report))
  }
}
