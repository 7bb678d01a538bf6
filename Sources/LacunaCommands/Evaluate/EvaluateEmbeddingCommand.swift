import ArgumentParser
import Files
import Tasks
import Tensors
import Training

/// `lacuna evaluate embedding`.
struct EvaluateEmbeddingCommand: LacunaCommand {
  static let configuration = CommandConfiguration(
    commandName: "embedding",
    abstract: "Measure how well simple classifiers do with features.",
    discussion: """
      Reads two tables as lacuna embed writes them, or other tables of numbers with a column label. \
      k nearest neighbours and logistic regression learn rows of the first and are judged by the \
      second. The number of neighbours, the penalty of the regression and the scaling of the \
      features (a common scale, or each feature its own) are chosen on the rows that are learnt \
      from. With --labels-per-class, that many rows of each class are drawn, anew in each draw; the \
      spread is the standard deviation over the draws. Where the second table has predicted_class, \
      the model's own predictions are judged too.

      Examples:
        lacuna evaluate embedding digits.csv digits.csv --labels-per-class 5
      """)

  @Argument(help: "The table to learn from.")
  var training: String

  @Argument(help: "The table to be judged by.")
  var test: String

  @Option(labelsPerClass: "Rows of each class to learn from.", otherwise: "all")
  var labelsPerClass: Int?

  @Option(
    help: "Times that rows are drawn.", value: "count", takes: .number(in: 1...10_000),
    otherwise: "10 with --labels-per-class")
  var draws: Int?

  @Option(
    help: "Neighbours that vote.", value: "count", takes: .number(in: 1...1000),
    otherwise: "chosen among 1 to 15")
  var neighbours: Int?

  @Option(seed: "Decides which rows are drawn.")
  var seed: UInt64

  @OptionGroup
  var machine: ThreadOption

  @OptionGroup(title: "Messages")
  var reporting: ReportingOptions

  func validate() throws {
    if draws != nil, labelsPerClass == nil {
      throw ValidationError("--draws needs --labels-per-class: without it nothing is drawn")
    }
  }

  func run(session: Session) throws {
    let context = Context(
      threads: machine.threads, precision: .float32, stop: Signals.caught())
    let evaluator = try EmbeddingEvaluator(
      training: FeatureTable(contentsOf: training), test: FeatureTable(contentsOf: test),
      context: context)
    for (path, count) in [
      (training, evaluator.unlabelled.training), (test, evaluator.unlabelled.test),
    ] where count > 0 {
      session.note("\(path): \(count) rows have no label and are left out")
    }
    let report = try context.run {
      try evaluator.evaluate(
        labelsPerClass: labelsPerClass, draws: draws ?? (labelsPerClass == nil ? 1 : 10),
        seed: seed,
        neighbours: neighbours, progress: session.progress.images("classifiers"))
    }
    try session.result(json(report), text: EmbeddingReport.text(report))
  }

  private func json(_ report: EmbeddingEvaluator.Report) -> JSON {
    let head: [(name: String, value: JSON)] = [
      ("training", .text(training)), ("test", .text(test)),
      ("labels_per_class", labelsPerClass.map(JSON.integer) ?? .null), ("seed", .unsigned(seed)),
    ]
    return .object(head + EmbeddingReport.entries(report))
  }
}
