import ArgumentParser
import Files
import Images
import Models
import Tasks
import Tensors
import Training

/// `lacuna evaluate imputation`.
struct EvaluateImputationCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "imputation",
    abstract: "Measure how well a model fills holes that are cut into whole images.",
    discussion: """
      For each kind of hole: nats of the true missing pixels given the known ones, an image and a \
      missing pixel; PSNR (over missing pixels) and SSIM (of whole images) of the average \
      completion; the mean squared error of the best of the completions, values in 0...1; and \
      coverage, the share of images whose truth is neither likelier than all its completions nor \
      less likely than all. Standard errors stand behind +-. Scores are computed in float32, \
      completions as by impute, unless --precision says otherwise. Images in folders that are \
      classes of the model are filled given their class. Nats by particles are log p(known) - \
      log p(image) with p(known) estimated: too low in the mean, the less so the more \
      particles there are.

      Examples:
        lacuna evaluate imputation fixtures/digits-holdout \\
          --region bottom-half --region center --model digits.safetensors
        lacuna evaluate imputation fixtures/digits-holdout \\
          --random 0.1,0.5,0.9 --model digits.safetensors --plot holes.png
        lacuna evaluate imputation fixtures/digits-holdout --region top-half \\
          --method raster,ordered,particles \\
          --model fixtures/models/digits-pixelcnn.safetensors
        lacuna evaluate imputation fixtures/digits-holdout \\
          --masks fixtures/masks --model digits.safetensors --json
      """)

  @Argument(help: "The directory of images.")
  var dataset: String

  @Option(help: ArgumentHelp("The trained model.", valueName: "file.safetensors"))
  var model: String

  @OptionGroup(title: "Holes")
  var holes: HoleOptions

  @Option(
    help: ArgumentHelp(
      "auto, ordered, raster or particles, as for impute; several, separated by commas, are compared.",
      valueName: "methods"))
  var method = "auto"

  @OptionGroup
  var filling: ParticleOptions

  @Option(help: ArgumentHelp("Completions an image.", valueName: "count"))
  var samples = 10

  @Option(
    help: ArgumentHelp(
      "Images to measure: the first of a seeded shuffle.", valueName: "count"))
  var images = 500

  @Option(help: "Decides the shuffle, random masks and completions.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Completions that are made together.", valueName: "count"))
  var batch = 256

  @Option(
    help: ArgumentHelp(
      "Draw how the nats spread over the images, and whether the truth is as likely as the completions.",
      valueName: "file.png"))
  var plot: String?

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
    for (name, value, most) in [
      ("samples", samples, 100_000), ("images", images, .max), ("batch", batch, 65536),
    ] {
      guard (1...most).contains(value) else {
        let range = most == .max ? "of at least 1" : "in 1...\(most)"
        throw ValidationError("--\(name) takes a number \(range), not \(value)")
      }
    }
    _ = try methods()
  }

  private func methods() throws -> [ImputationMethod] {
    try method.split(separator: ",", omittingEmptySubsequences: false)
      .map { try ImputationMethod(named: String($0)) }
  }

  func run(session: Session) throws {
    let picture = try files.output(
      plot, option: "--plot", inputs: Inputs(dataset, model, holes.masks))
    let file = try ModelFile(contentsOf: model)
    var options = ImputationEvaluator.Options()
    options.methods = try methods()
    options.particles = filling.particles
    options.samples = samples
    options.images = images
    options.seed = seed
    options.batchSize = batch
    options.scorePrecision = machine.elementType(auto: .float32)
    options.completionPrecision = machine.elementType(auto: .fastest)
    let evaluator = try ImputationEvaluator(file, options: options)
    let holes = try holes.holes()
    Interruption.catchSignals()
    let reports = try evaluator.evaluate(
      ImageFolder(path: dataset), holes: holes,
      reporter: TaskReporter(
        skip: { problem in
          if input.strict { throw TaskError("\(problem) (--strict)") }
          session.skip(problem)
        }, warn: { session.warn($0) }, progress: session.progress.images()))
    if let picture {
      try ImageFile.write(
        ImputationPlot.image(reports, title: FileSystem.lastComponent(of: model)), to: picture)
    }
    let name = type(of: file.model).card.name
    try session.result(
      EvaluateImputationReport.json(reports, model: name, samples: samples, seed: seed),
      text: EvaluateImputationReport.text(reports))
  }
}
