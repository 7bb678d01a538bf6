import ArgumentParser
import Files
import Images
import Models
import Tasks
import Tensors
import Training

private let defaults = SampleEvaluator.Options()

/// `lacuna evaluate samples`.
struct EvaluateSamplesCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "samples",
    abstract: "Measure how near generated images are to real ones.",
    discussion: """
      Sets of images are compared by features: the penultimate layer of one fixed small \
      convolutional classifier, which learns the labelled real images (or principal components of \
      pixels, or what a model encodes). So no figure here is that of another program; figures of \
      one set of real images and one kind of features compare. Each is given for the generated \
      images and, beside it, for real images in their place.

      Frechet distance, and its extrapolation to ever more images, because few images make it \
      large. Kernel distance, 0 in the mean where sets are alike. Precision and density: are the \
      generated images among real ones? Recall and coverage: are the real ones among the \
      generated? The nearest original by pixels, and the share of copies as augment tells them; \
      beside it that of the real images compared with. The log-likelihood of these under a Parzen \
      window around the generated images, in nats, its width chosen by other real images: it says \
      little of how good pictures are, and clusters' means do better than real images. The same \
      classifier, taught by the generated images and by the real ones, judged by the images \
      compared with, where labels are there. Classes are as the classifier taught by real images \
      sees them.

      A model with classes draws them as often as the real images have them. Of a directory that \
      lacuna augment wrote, images count that manifest.csv names.

      Examples:
        lacuna evaluate samples fixtures/digits --model mixture.safetensors \\
          --steps 100 --contact-sheet nearest.png --plot distances.png
        lacuna evaluate samples fixtures/digits-holdout \\
          --training-set fixtures/digits --generated fixtures/digits \\
          --features pixels --json
      """)

  @Argument(help: "The directory of real images to compare with.")
  var dataset: String

  @Option(
    help: ArgumentHelp("A directory of generated images, anyone's.", valueName: "directory"))
  var generated: String?

  @Option(help: ArgumentHelp("A trained model to draw from.", valueName: "file.safetensors"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      """
      Real images that features are learnt from and copies are looked up in (default: half of the \
      others, which are then compared with the other half; copies are looked up in both).
      """, valueName: "directory"))
  var trainingSet: String?

  @Option(
    help: "Images to draw, or to take of the directory.", value: "count",
    takes: .number(in: 20...1_000_000), otherwise: "as many as are compared with")
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      """
      What images are compared by: classifier, pixels (principal components), or a model that \
      encodes (default: classifier where the images have labels, else pixels).
      """, valueName: "classifier|pixels|file.safetensors"))
  var features: String?

  @OptionGroup
  var sampling: SamplingOptions

  @Option(
    help: "Steps of a classifier's training.", value: "count", takes: .number(in: 1...1_000_000))
  var steps = defaults.steps

  @Option(seed: "Decides draws, halves, and how classifiers begin.")
  var seed: UInt64

  @Option(picture: "Show samples beside their nearest originals, copies in a red frame.")
  var contactSheet: String?

  @Option(picture: "Draw where both kinds lie in the plane of the features' main directions.")
  var plot: String?

  @Option(batch: "Images that are drawn together.")
  var batch = defaults.batchSize

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
    guard (generated == nil) != (model == nil) else {
      throw ValidationError(
        generated == nil
          ? "--generated DIRECTORY or --model FILE says which images to measure"
          : "--generated and --model both say which images to measure; give one")
    }
    if generated != nil, sampling.temperature != Temperature() {
      throw ValidationError("--temperature and --pixel-temperature are for --model")
    }
    if let contactSheet, contactSheet == plot {
      throw ValidationError("--contact-sheet and --plot name one file; give two")
    }
  }

  func run(session: Session) throws {
    let inputs = Inputs(
      dataset, trainingSet, generated, generated.map(GeneratedImages.manifestPath), model,
      featureFile)
    let sheet = try files.output(contactSheet, option: "--contact-sheet", inputs: inputs)
    let picture = try files.output(plot, option: "--plot", inputs: inputs)
    let file = try model.map { try ModelFile(contentsOf: $0) }
    let options = try options()
    let loader = loader(file, session)
    let images = try SampleImages(dataset, training: trainingSet, loader: loader, seed: seed)
    if images.isHalved {
      session.note(
        "\(dataset): features are learnt from one half of it, and sets are compared with the other; "
          + "--training-set gives others to learn from")
    }
    let evaluator = SampleEvaluator(
      images, options: options, context: machine.context(auto: .float32))
    let made: ImageDataset
    if let file {
      made = try evaluator.samples(of: file, reporter: input.reporter(session))
    } else {
      made = try images.generated(generated ?? "", most: samples, loader: loader, seed: seed)
    }
    let report = try evaluator.evaluate(made, progress: session.progress.images("stages"))
    SampleReportText.remarks(report).forEach(session.note)
    SampleReportText.warnings(report).forEach(session.warn)
    if let sheet { try ImageFile.write(evaluator.sheet(made, report).rendered(), to: sheet) }
    if let picture {
      let title = FileSystem.lastComponent(of: model ?? generated ?? "")
      try ImageFile.write(SamplePlot.image(report, title: title), to: picture)
    }
    try session.result(json(report), text: SampleReportText.text(report))
  }

  private func loader(_ file: ModelFile?, _ session: Session) -> DatasetLoader {
    var loader = DatasetLoader()
    let shape = file?.model.shape
    imageShape.apply(to: &loader, or: shape)
    loader.size = loader.size ?? shape.map { ($0.width, $0.height) }
    loader.binarization = file?.binarization
    loader.drawingSeed = seed
    input.apply(to: &loader, session)
    return loader
  }

  /// The file among the choices of features.
  private var featureFile: String? {
    features.flatMap { ["classifier", "pixels"].contains($0) ? nil : $0 }
  }

  private func options() throws -> SampleEvaluator.Options {
    var options = SampleEvaluator.Options()
    options.samples = samples
    options.temperature = sampling.temperature
    options.steps = steps
    options.batchSize = batch
    options.seed = seed
    switch features {
    case nil: break
    case "classifier": options.features = .classifier
    case "pixels": options.features = .pixels
    case .some(let path):
      options.features = .model(
        try ModelFile(contentsOf: path).model, name: FileSystem.lastComponent(of: path))
    }
    return options
  }

  private func json(_ report: SampleReport) -> JSON {
    let head: [(name: String, value: JSON)] = [
      ("dataset", .text(dataset)), ("training_set", trainingSet.map(JSON.text) ?? .null),
      ("generated", generated.map(JSON.text) ?? .null), ("model", model.map(JSON.text) ?? .null),
      ("seed", .unsigned(seed)), ("steps", .integer(steps)),
    ]
    return .object(head + SampleReportText.entries(report))
  }
}
