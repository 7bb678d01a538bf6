import ArgumentParser
import Files
import Images
import Models
import Tasks
import Tensors
import Training

private let defaults = ChainEvaluator.Options()

/// `lacuna evaluate chains`.
struct EvaluateChainsCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "chains",
    abstract: "Measure how the Markov chains of a model move about.",
    discussion: """
      Runs chains of a model that draws by them, of no class, and leaves out the sweeps \
      before its first sample. Autocorrelation is that of pixels around the mean of all chains, so \
      that chains which each stay where they are do not pass for quick ones. Its sum over the lags \
      is the integrated time: so many sweeps are worth one independent draw. Where the chains are \
      too short to tell, a bound is given. With labelled images the fixed small classifier learns \
      their classes and tells how many of them a chain visits, and how often it changes.

      Examples:
        lacuna train fixtures/digits --model gsn --set hidden=100 --levels 2 \\
          --epochs 2 --output gsn.safetensors
        lacuna evaluate chains --model gsn.safetensors \\
          --training-set fixtures/digits --chains 8 --sweeps 100 --steps 100 \\
          --strip chains.png
      """)

  @OptionGroup
  var trained: ModelOption

  @Option(
    help: ArgumentHelp(
      "Labelled real images, which teach a classifier to tell classes.", valueName: "directory"))
  var trainingSet: String?

  @Option(help: "Chains.", value: "count", takes: .number(in: 1...100_000))
  var chains = defaults.chains

  @Option(help: "Sweeps of each that count.", value: "count", takes: .number(in: 20...10_000_000))
  var sweeps = defaults.sweeps

  @Option(
    help: "Sweeps before them.", value: "count", takes: .number(in: 0...10_000_000),
    otherwise: "as many as the model takes to a sample")
  var burnIn: Int?

  @Option(
    help: "Steps of the classifier's training.", value: "count", takes: .number(in: 1...1_000_000))
  var steps = defaults.steps

  @Option(seed: "Decides the chains, and how the classifier begins.")
  var seed: UInt64

  @Option(picture: "Show states of some chains, a row a chain.")
  var strip: String?

  @Option(
    help: "Sweeps from one picture of the strip to the next.", value: "count",
    takes: .number(above: 0), otherwise: "such that it spans all")
  var stripInterval: Int?

  @Option(picture: "Draw the autocorrelation.")
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
    if let strip, strip == plot {
      throw ValidationError("--strip and --plot name one file; give two")
    }
    if stripInterval != nil, strip == nil {
      throw ValidationError("--strip-interval needs --strip")
    }
  }

  func run(session: Session) throws {
    let inputs = Inputs(trained.model, trainingSet)
    let picture = try files.output(plot, option: "--plot", inputs: inputs)
    let sheet = try files.output(strip, option: "--strip", inputs: inputs)
    let file = try trained.read()
    let evaluator = try ChainEvaluator(
      file.model, options: options, context: machine.context(auto: .float32))
    let report = try evaluator.evaluate(
      teaching: try trainingSet.map { try teaching($0, file, session) },
      progress: session.progress.images("sweeps"))
    if let sheet { try ImageFile.write(report.strip.rendered(), to: sheet) }
    if let picture {
      try ImageFile.write(
        ChainPlot.image(report, title: FileSystem.lastComponent(of: trained.model)), to: picture)
    }
    let head: [(name: String, value: JSON)] = [
      ("model", .text(trained.model)), ("training_set", trainingSet.map(JSON.text) ?? .null),
      ("seed", .unsigned(seed)),
    ]
    try session.result(
      .object(head + ChainReportText.entries(report)), text: ChainReportText.text(report))
  }

  private var options: ChainEvaluator.Options {
    var options = ChainEvaluator.Options()
    options.chains = chains
    options.sweeps = sweeps
    options.burnIn = burnIn
    options.stripInterval = stripInterval
    options.steps = steps
    options.seed = seed
    return options
  }

  private func teaching(
    _ path: String, _ file: ModelFile, _ session: Session
  ) throws -> ImageDataset {
    let shape = file.model.shape
    var loader = DatasetLoader(shape: shape)
    loader.size = (shape.width, shape.height)
    loader.binarization = file.binarization
    loader.drawingSeed = seed
    input.apply(to: &loader, session)
    return try loader.load(path)
  }
}
