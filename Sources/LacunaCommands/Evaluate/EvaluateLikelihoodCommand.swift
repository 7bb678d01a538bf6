import ArgumentParser
import Files
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

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func run(session: Session) throws {
    let file = try trained.read()
    let evaluator = try LikelihoodEvaluator(
      file, context: machine.context(auto: .float32), batchSize: batch,
      samples: samples, orders: orders, isReversed: reverse, seed: seed)
    var loader = DatasetLoader(shape: file.model.shape)
    if binarize != nil, file.model.shape.levels != 2 {
      throw ValidationError(
        "--binarize is for models of 2 levels; this one has \(file.model.shape.levels)")
    }
    loader.binarization = binarize ?? file.binarization
    loader.drawingSeed = seed
    input.apply(to: &loader, session)
    let images = try loader.load(dataset)
    let report = try evaluator.evaluate(
      images, path: dataset, progress: session.progress.images())
    if !file.classes.isEmpty, report.conditionedCount < report.count {
      session.warn(
        "\(dataset): \(report.count - report.conditionedCount) of \(report.count) images are in no "
          + "folder named by a class of the model; they are scored without a class")
    }
    try session.result(Self.json(report), text: Self.text(report))
  }

  private static func text(_ report: LikelihoodEvaluator.Report) -> String {
    let error = report.standardError.map { " +- \(FixedPoint.text($0, digits: 3))" } ?? ""
    var rows = [
      ["images", "\(report.count)"],
      ["nats an image", FixedPoint.text(report.nats, digits: 3) + error],
      ["bits per dimension", FixedPoint.text(report.bitsPerDimension, digits: 4)],
      ["kind", report.kind.description + (report.conditionedCount > 0 ? ", given the class" : "")],
    ]
    if let bound = report.lowerBound {
      let error = bound.standardError.map { " +- \(FixedPoint.text($0, digits: 3))" } ?? ""
      rows.append(["lower bound, nats", FixedPoint.text(bound.nats, digits: 3) + error])
    }
    if let annealing = report.annealing {
      rows.append(
        [
          "annealing, standard error", FixedPoint.text(annealing.standardError, digits: 3),
        ])
      if let reverse = annealing.reverse {
        rows.append(
          [
            "by reverse annealing, nats",
            FixedPoint.text(reverse.nats, digits: 3) + " +- "
              + FixedPoint.text(reverse.standardError, digits: 3),
          ])
      }
    }
    return Table.text(rows)
  }

  private static func json(_ report: LikelihoodEvaluator.Report) -> JSON {
    var entries: [(String, JSON)] = [
      ("images", .integer(report.count)), ("nats", .number(report.nats)),
      ("standard_error", report.standardError.map(JSON.number) ?? .null),
      ("bits_per_dimension", .number(report.bitsPerDimension)),
      ("kind", .text(report.kind.description)),
      ("images_with_class", .integer(report.conditionedCount)),
    ]
    if let bound = report.lowerBound {
      entries.append(("lower_bound_nats", .number(bound.nats)))
      entries.append(
        ("lower_bound_standard_error", bound.standardError.map(JSON.number) ?? .null))
    }
    if let annealing = report.annealing {
      entries.append(("annealing_standard_error", .number(annealing.standardError)))
      if let reverse = annealing.reverse {
        entries.append(("reverse_nats", .number(reverse.nats)))
        entries.append(("reverse_standard_error", .number(reverse.standardError)))
      }
    }
    return .object(entries)
  }
}
