import ArgumentParser
import Files
import Images
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
      Every model of the zoo that learns by steps can be measured, and 'dense': two dense layers \
      (--set hidden=8000) from binary images to themselves, which stand for all work that is large \
      matrix products. The losses in the JSON are those of every step made, warm-up included; with \
      --weights, another program can start from the same weights and check that it does the same.

      Examples:
        lacuna benchmark step fixtures/digits --model pixelcnn --steps 3 \\
          --set layers=2 --set channels=8
        lacuna benchmark step fixtures/digits --model dense --set hidden=100 \\
          --levels 2 --steps 3 --weights dense.safetensors --json
      """)

  @Argument(help: "The directory of images.")
  var dataset: String

  @Option(help: "What to train; 'lacuna models' lists the names; also 'dense'.")
  var model: String

  @Option(help: "Steps to time.", value: "count", takes: .number(in: 1...1_000_000))
  var steps = 50

  @Option(
    help: "Steps before those, not timed.", value: "count", takes: .number(in: 0...1_000_000))
  var warmUp = 5

  @Option(
    help: ArgumentHelp(
      "Write the weights as they are before the first step.", valueName: "file.safetensors"))
  var weights: String?

  @OptionGroup(title: "Images")
  var shape: ImageShapeOptions

  @OptionGroup(title: "Labels")
  var labels: LabelOptions

  @OptionGroup(title: "Learning")
  var learning: LearningOptions

  @OptionGroup(title: "Computing")
  var machine: ComputingOptions

  @OptionGroup(title: "Output")
  var files: OverwriteOption

  @OptionGroup(title: "Input")
  var input: StrictOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  var computing: ComputingOptions? { machine }

  func validate() throws { try labels.check(against: learning) }

  func run(session: Session) throws {
    let place = try files.output(
      weights, option: "--weights", inputs: Inputs(dataset, labels.table.labels))
    var loader = DatasetLoader()
    shape.apply(to: &loader)
    labels.apply(to: &loader, seed: learning.seed)
    input.apply(to: &loader, session)
    var options = TrainingOptions()
    learning.apply(to: &options)
    let context = machine.context(auto: .fastest)
    let loaded = try loader.load(dataset)
    let images = learning.unconditional ? loaded.unlabelled : loaded
    let subject = try BenchmarkSubject(
      named: model, settings: learning.settings, shape: images.shape,
      classCount: images.classes.count, seed: learning.seed)
    if let place { try subject.write(to: place.path, classes: images.classes) }
    let report = try StepBenchmark(subject, images, options, context).run(
      steps: steps, warmUp: warmUp, progress: session.progress.images("steps"))
    let about: [(String, JSON)] = [
      ("model", .text(model)), ("parameters", .integer(subject.valueCount)),
      ("images", .text("\(images.shape)")), ("precision", .text("\(context.precision)")),
    ]
    try session.result(.object(about + Self.entries(report)), text: Self.text(report))
  }

  private static func text(_ report: StepBenchmark.Report) -> String {
    Table.text([
      ["steps", "\(report.steps) of \(report.batch) images"], ["threads", "\(report.threads)"],
      ["median step", "\(milliseconds(report.medianSeconds)) ms"],
      ["mean step", "\(milliseconds(report.meanSeconds)) ms"],
      ["in primitives", "\(milliseconds(report.primitiveSeconds)) ms a step, threads summed"],
      ["ratio", FixedPoint.text(report.ratio, digits: 2)],
      ["page faults", "\(FixedPoint.text(report.pageFaults, digits: 1)) a step"],
      ["peak memory", "\(report.peakMemory / 1_000_000) MB"],
    ])
  }

  private static func milliseconds(_ seconds: Double) -> String {
    FixedPoint.text(1000 * seconds, digits: 2)
  }

  private static func entries(_ report: StepBenchmark.Report) -> [(String, JSON)] {
    [
      ("steps", .integer(report.steps)), ("batch", .integer(report.batch)),
      ("threads", .integer(report.threads)),
      ("median_milliseconds", .number(1000 * report.medianSeconds)),
      ("mean_milliseconds", .number(1000 * report.meanSeconds)),
      ("primitive_milliseconds", .number(1000 * report.primitiveSeconds)),
      ("ratio", .number(report.ratio)), ("page_faults", .number(report.pageFaults)),
      ("peak_memory_bytes", .integer(report.peakMemory)),
      ("milliseconds", .list(report.seconds.map { .number(1000 * $0) })),
      ("losses", .list(report.losses.map { .number(Double($0)) })),
    ]
  }
}
