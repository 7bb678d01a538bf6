import ArgumentParser
import Files
import Images
import Models
import Tasks
import Tensors
import Training

private let defaults = ImputationEvaluator.Options()

/// `lacuna evaluate imputation`.
struct EvaluateImputationCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "imputation",
    abstract: "Measure how well a model fills holes that are cut into whole images.",
    discussion: """
      For each kind of hole: nats of the true missing pixels given the known ones, an image and a \
      missing pixel; PSNR (over missing pixels) and SSIM (of whole images) of the mean of all \
      completions, the model's own where it can tell it, else the average of those drawn; the mean \
      squared error of the best of those drawn, values in 0...1; coverage, the share of images whose \
      truth is neither likelier than all its completions nor less likely than all; and the same of \
      their central 90 % interval. Standard errors stand behind +-. Scores are computed in float32, \
      completions as by impute, unless --precision says otherwise. Images in folders that are \
      classes of the model are filled given their class. Nats by particles are log p(known) - \
      log p(image) with p(known) estimated: too low in the mean, the less so the more \
      particles there are.

      With --shard a block of the sample is measured, and the numbers of each image are written to \
      --output; 'lacuna merge' makes the report of them.

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

  @OptionGroup
  var trained: ModelOption

  @OptionGroup(title: "Holes")
  var holes: HoleOptions

  @Option(
    help: ArgumentHelp(
      "As for impute; several, separated by commas, are compared.",
      valueName: "methods"))
  var method = "auto"

  @OptionGroup
  var filling: FillingOptions

  @Option(samples: "Completions an image.")
  var samples = defaults.samples

  @Option(
    help: "Images to measure: the first of a seeded shuffle.", value: "count",
    takes: .number(from: 1))
  var images = defaults.images

  @Option(seed: "Decides the shuffle, random masks and completions.")
  var seed: UInt64

  @Option(batch: "Completions that are made together.")
  var batch = defaults.batchSize

  @Option(
    picture: """
      Draw how the nats spread over the images, and whether the truth is as likely as the \
      completions.
      """)
  var plot: String?

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Output")
  var part: EvaluationPartOptions

  @OptionGroup(title: "Output")
  var files: OutputOptions

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  /// A way of filling for each method.
  private func ways() -> [ImputationEvaluator.FillingWay] {
    method.split(separator: ",", omittingEmptySubsequences: false).map { name in
      .init(String(name), filling.options(method: String(name)))
    }
  }

  func validate() throws {
    try part.check(files)
    try part.sharding.refuse([("--plot", plot != nil)], because: "shows all images")
  }

  func run(session: Session) throws {
    let inputs = Inputs(dataset, trained.model, holes.masks)
    let picture = try plot.map {
      try Output($0, option: "--plot", policy: files.policy, inputs: inputs)
    }
    let output = try part.output(files, inputs)
    let model = try trained.recorded()
    let file = model.file
    var options = ImputationEvaluator.Options()
    options.ways = ways()
    options.samples = samples
    options.images = images
    options.seed = seed
    options.batchSize = batch
    options.scorePrecision = machine.elementType(auto: .float32)
    options.completionPrecision = machine.elementType(auto: .fastest)
    let evaluator = try ImputationEvaluator(
      file, options: options, context: machine.context(auto: .float32))
    let holes = try holes.holes()
    if let output {
      let run = ShardRun(output.shard, RunRecord(model, seed: seed, reads: dataset))
      let summary = try evaluator.write(
        ImageFolder(path: dataset), holes: holes, into: output.file, run,
        options: "images=\(dataset)", reporter: input.reporter(session))
      return try part.report(summary, run.shard, output.file, session)
    }
    let reports = try evaluator.evaluate(
      ImageFolder(path: dataset), holes: holes,
      reporter: input.reporter(session))
    if let picture {
      try ImageFile.write(
        ImputationPlot.image(reports, title: FileSystem.lastComponent(of: trained.model)),
        to: picture)
    }
    let name = type(of: file.model).card.name
    try session.result(
      EvaluateImputationReport.json(reports, model: name, samples: samples, seed: seed),
      text: EvaluateImputationReport.text(reports))
  }
}
