import ArgumentParser
import Files
import Images
import Models
import Tasks
import Tensors
import Training

/// `lacuna evaluate likelihood`.
struct EvaluateLikelihoodCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "likelihood",
    abstract: "Measure how likely a model finds images: nats an image, bits per dimension.",
    discussion: """
      Images in folders that are classes of the model are scored given their class. The score is \
      computed in float32 unless --precision says otherwise; its kind (exact, lower bound, \
      importance estimate) is named. A model that was trained with pixels drawn anew is asked about pixels drawn once, by --seed. With --samples, a model with latent variables gives an importance estimate, \
      and its bound beside it.

      With --shard a block of the images is scored, and the numbers of each are written to --output; \
      'lacuna merge' makes the report of them.

      Examples:
        lacuna evaluate likelihood fixtures/digits --model digits.safetensors
        lacuna evaluate likelihood fixtures/digits-holdout \\
          --model vae.safetensors --samples 50
      """)

  @Argument(help: "The directory of images.")
  var dataset: String

  @OptionGroup
  var trained: ModelOption

  @Option(
    help: "Draws an image of an importance estimate, for models with latent variables.",
    value: "count", takes: .number(in: 1...1_000_000), otherwise: "their bound")
  var samples: Int?

  @Option(
    help: "Orders of the pixels to average over, for models that have learnt several.",
    value: "count", takes: .number(in: 1...8), otherwise: "raster order")
  var orders: Int?

  @Flag(
    help: """
      Estimate an annealed normalising constant from the other side too: the truth is most likely between the \
      two.
      """)
  var reverse = false

  @Option(
    help: "How shades become two levels, for models of two: white from the middle on, or drawn.",
    value: "how", takes: .one(of: Binarization.allCases), otherwise: "as the model was trained")
  var binarize: Binarization?

  @Option(seed: "Decides the draws of --samples and of --binarize dynamic.")
  var seed: UInt64

  @Option(batch: "Images that are scored together.")
  var batch = 100

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

  func validate() throws {
    try part.check(files)
    if part.sharding.shard == nil, files.overwrite {
      throw ValidationError(
        "--overwrite replaces what --shard writes; without it nothing is written")
    }
  }

  func run(session: Session) throws {
    let output = try part.output(files, Inputs(dataset, trained.model))
    let model = try trained.recorded()
    let file = model.file
    let evaluator = try LikelihoodEvaluator(
      file, context: machine.context(auto: .float32), batchSize: batch,
      samples: samples, orders: orders, isReversed: reverse, seed: seed)
    let loader = try loader(file, session)
    if let output {
      return try write(
        evaluator, loader, into: output.file,
        ShardRun(output.shard, RunRecord(model, seed: seed, reads: dataset)), session)
    }
    let images = try loader.load(dataset)
    let report = try evaluator.evaluate(
      images, path: dataset, progress: session.progress.images())
    if !file.classes.isEmpty, report.conditionedCount < report.count {
      session.warn(
        "\(dataset): \(report.count - report.conditionedCount) of \(report.count) images are in no "
          + "folder named by a class of the model; they are scored without a class")
    }
    try session.result(
      EvaluateLikelihoodReport.json(report), text: EvaluateLikelihoodReport.text(report))
  }

  /// What reads images as the model sees them.
  private func loader(_ file: ModelFile, _ session: Session) throws -> DatasetLoader {
    var loader = DatasetLoader(shape: file.model.shape)
    if binarize != nil, file.model.shape.levels != 2 {
      throw ValidationError(
        "--binarize is for models of 2 levels; this one has \(file.model.shape.levels)")
    }
    loader.binarization = binarize ?? file.binarization
    loader.drawingSeed = seed
    input.apply(to: &loader, session)
    return loader
  }

  /// Scores a shard's block.
  private func write(
    _ evaluator: LikelihoodEvaluator, _ loader: DatasetLoader, into output: EvaluationOutput,
    _ run: ShardRun, _ session: Session
  ) throws {
    let options = [
      "images=\(dataset)", "samples=\(samples.map { "\($0)" } ?? "none")",
      "orders=\(orders.map { "\($0)" } ?? "none")", "reverse=\(reverse)",
      "binarize=\(loader.binarization?.rawValue ?? "none")",
      "precision=\(machine.elementType(auto: .float32))",
    ]
    let summary = try evaluator.write(
      ImageFolder(path: dataset), loader, into: output, run,
      options: options.joined(separator: " "), progress: session.progress.images())
    try part.report(summary, run.shard, output, session)
  }
}
