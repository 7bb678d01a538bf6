import ArgumentParser
import Models
import Tasks
import Tensors
import Training

/// `lacuna benchmark step`.
struct BenchmarkStepCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Measure a step of training, and how much of it oneDNN's primitives take.",
    discussion: """
      Examples:
        lacuna benchmark step fixtures/digits --model pixelcnn --steps 3 \\
          --set layers=2 --set channels=8
      """)

  @Argument(help: "The directory of images.")
  var dataset: String

  @Option(help: "What to train; 'lacuna models' lists the names.")
  var model: String

  @Option(help: ArgumentHelp("Steps to time.", valueName: "count"))
  var steps = 50

  @OptionGroup(title: "Images")
  var shape: ImageShapeOptions

  @OptionGroup(title: "Labels")
  var labels: LabelOptions

  @OptionGroup(title: "Learning")
  var learning: LearningOptions

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func validate() throws {
    guard (1...1_000_000).contains(steps) else {
      throw ValidationError("--steps takes a number in 1...1000000, not \(steps)")
    }
    try labels.check(against: learning)
  }

  func run(session: Session) throws {
    var loader = DatasetLoader()
    shape.apply(to: &loader)
    labels.apply(to: &loader, seed: learning.seed)
    input.apply(to: &loader, session)
    var options = TrainingOptions()
    learning.apply(to: &options)
    options.precision = machine.elementType(auto: .fastest)
    let loaded = try loader.load(dataset)
    let images = learning.unconditional ? loaded.unlabelled : loaded
    let instance = try ModelInstance(
      named: model, settings: learning.settings, shape: images.shape,
      classCount: images.classes.count, seed: learning.seed)
    Interruption.catchSignals()
    let report = try StepBenchmark(instance, images, options).run(
      steps: steps, progress: session.progress.images("steps"))
    try session.result(Self.json(report), text: Self.text(report))
  }

  private static func text(_ report: StepBenchmark.Report) -> String {
    Table.text([
      ["steps", "\(report.steps) of \(report.batch) images"], ["threads", "\(report.threads)"],
      ["median step", "\(milliseconds(report.medianSeconds)) ms"],
      ["mean step", "\(milliseconds(report.meanSeconds)) ms"],
      ["in primitives", "\(milliseconds(report.primitiveSeconds)) ms a step, threads summed"],
      ["ratio", FixedPoint.text(report.ratio, digits: 2)],
      ["page faults", "\(FixedPoint.text(report.pageFaults, digits: 1)) a step"],
    ])
  }

  private static func milliseconds(_ seconds: Double) -> String {
    FixedPoint.text(1000 * seconds, digits: 2)
  }

  private static func json(_ report: StepBenchmark.Report) -> JSON {
    .object([
      ("steps", .integer(report.steps)), ("batch", .integer(report.batch)),
      ("threads", .integer(report.threads)),
      ("median_milliseconds", .number(1000 * report.medianSeconds)),
      ("mean_milliseconds", .number(1000 * report.meanSeconds)),
      ("primitive_milliseconds", .number(1000 * report.primitiveSeconds)),
      ("ratio", .number(report.ratio)), ("page_faults", .number(report.pageFaults)),
    ])
  }
}
