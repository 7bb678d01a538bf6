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
      Examples:
        lacuna evaluate samples fixtures/digits --model mixture.safetensors
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
      others, which are then compared with the other half).
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

  @Option(help: "Steps of a classifier's training.", value: "count", takes: .number(in: 1...1_000_000))
  var steps = defaults.steps

  @Option(seed: "Decides draws, halves, and how classifiers begin.")
  var seed: UInt64

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
  }

  func run(session: Session) throws {
    let file = try model.map { try ModelFile(contentsOf: $0) }
    var loader = DatasetLoader()
    imageShape.apply(to: &loader, or: file?.model.shape)
    if let shape = file?.model.shape { loader.size = (shape.width, shape.height) }
    loader.binarization = file?.binarization
    loader.drawingSeed = seed
    input.apply(to: &loader, session)
    let images = try SampleImages(dataset, training: trainingSet, loader: loader, seed: seed)
    let evaluator = SampleEvaluator(
      images, options: try options(), context: machine.context(auto: .float32))
    let made: ImageDataset
    if let file {
      made = try evaluator.samples(of: file, reporter: input.reporter(session))
    } else {
      made = try images.generated(generated ?? "", most: samples, loader: loader, seed: seed)
    }
    let report = try evaluator.evaluate(made, progress: session.progress.images("stages"))
    try session.result(json(report), text: SampleReportText.text(report))
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
