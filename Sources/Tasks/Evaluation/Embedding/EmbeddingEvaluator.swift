import Files
import Tensors
public import Training

/// Measures how much of the classes is in features: simple classifiers learn some rows of one table
/// and are judged by another.
public struct EmbeddingEvaluator: Sendable {
  /// How a classifier did.
  public struct Measurement: Sendable, Equatable {
    /// The share of the test rows that are classified rightly, a number a draw.
    public var accuracies: [Double] = []
    /// What was chosen on the training rows, a text a draw.
    public var choices: [String] = []

    /// The mean over the draws.
    public var accuracy: Double { MeanEstimate(of: accuracies).value }
    /// The standard deviation over the draws; nil for a single one.
    public var standardDeviation: Double? { MeanEstimate.standardDeviation(of: accuracies) }
  }

  /// What was measured.
  public struct Report: Sendable, Equatable {
    /// Rows that the classifiers learnt from, a draw.
    public let trainingRows: Int
    /// Rows that judged them.
    public let testRows: Int
    /// Features a row.
    public let features: Int
    /// The classes.
    public let classes: [String]
    /// k nearest neighbours.
    public var nearestNeighbours = Measurement()
    /// Multinomial logistic regression.
    public var logisticRegression = Measurement()
    /// The share of the test rows whose `predicted_class` is right, where the table has it.
    public let ownAccuracy: Double?
  }

  /// The names of the classes, in byte order.
  public let classes: [String]
  /// Rows without a label, which are left out: in the training table and in the test table.
  public let unlabelled: (training: Int, test: Int)

  private let training: FeatureTable
  private let test: FeatureTable
  private let targets: [Int32]
  private let testTargets: [Int32]
  private let rows: [Int]
  private let testRows: [Int]
  private let context: Context

  /// An evaluator of these tables.
  ///
  /// - Throws: `TaskError` where the tables do not go together.
  public init(
    training: FeatureTable, test: FeatureTable, context: Context = Context()
  ) throws {
    self.context = context
    // In one order, so that neither table's order of columns shows in how sums are rounded.
    let columns = training.orderedColumns
    self.training = try training.arranged(columns, as: training.path)
    self.test = try test.arranged(columns, as: training.path)
    classes = ExactText.distinct(training.labels.compactMap { $0 })
    guard classes.count > 1 else {
      throw TaskError(
        "\(training.path): has \(classes.count) classes among its labels; two are needed")
    }
    let places = ExactText.places(of: classes).mapValues(Int32.init)
    targets = training.labels.map { $0.flatMap { places[$0] } ?? -1 }
    testTargets = test.labels.map { $0.flatMap { places[$0] } ?? -1 }
    rows = targets.indices.filter { [targets] in targets[$0] >= 0 }
    testRows = test.labels.indices.filter { test.labels[$0] != nil }
    for row in testRows where testTargets[row] < 0 {
      throw TaskError(
        "\(test.path): the class '\(test.labels[row] ?? "")' of its row \(row + 1) is not in "
          + "\(training.path)\(ExactText.hint(test.labels[row] ?? "", among: classes))")
    }
    guard !testRows.isEmpty else { throw TaskError("\(test.path): no row has a label") }
    unlabelled = (training.count - rows.count, test.count - testRows.count)
  }

  /// Learns and judges, once a draw.
  ///
  /// - Parameters:
  ///   - labelsPerClass: rows of each class to learn from, drawn anew each time; nil: all.
  ///   - neighbours: the k of the nearest neighbours; nil: chosen on the training rows.
  ///   - progress: told of each classifier that is done.
  /// - Throws: `TaskError` where a class has fewer rows, `Interrupted` after a signal.
  public func evaluate(
    labelsPerClass: Int? = nil, draws: Int = 1, seed: UInt64 = 0, neighbours: Int? = nil,
    progress: (TaskReporter.Progress) -> Void = { _ in }
  ) throws -> Report {
    // All rows of the training table tell how features vary: that takes no labels.
    let scalings = FeatureScaling.Kind.allCases.map { FeatureScaling($0, of: training) }
    var report = Report(
      trainingRows: labelsPerClass.map { $0 * classes.count } ?? rows.count,
      testRows: testRows.count, features: training.width, classes: classes,
      ownAccuracy: ownAccuracy)
    for draw in 0..<draws {
      let drawn = try labelsPerClass.map { try drawnRows($0, seed: seed, draw: draw) } ?? rows
      let known = NearestNeighbours.choice(
        drawn, of: training, targets, classCount: classes.count, scalings: scalings,
        k: neighbours, seed: seed, draw: draw)
      report.nearestNeighbours.take(
        accuracy(of: known, drawn, scalings), "k \(known.k), \(known.scaling.rawValue) scale")
      progress(.init(done: 2 * draw + 1, total: 2 * draws))
      try context.stopIfAsked("interrupted before the end")
      let chosen = LogisticRegression.choice(
        drawn, of: training, targets, classCount: classes.count, scalings: scalings, seed: seed,
        draw: draw)
      report.logisticRegression.take(
        accuracy(of: chosen, drawn, scalings),
        "strength \(FixedPoint.text(chosen.strength, digits: 3)), \(chosen.scaling.rawValue) scale")
      progress(.init(done: 2 * draw + 2, total: 2 * draws))
      try context.stopIfAsked("interrupted before the end")
    }
    return report
  }

  private func accuracy(
    of choice: NearestNeighbours.Choice, _ rows: [Int], _ scalings: [FeatureScaling]
  ) -> Double {
    let (known, asked) = scaled(rows, choice.scaling, scalings)
    let nearest = NearestNeighbours(known).nearestClasses(asked, count: choice.k)
    return share(
      nearest.map { NearestNeighbours.vote($0, k: choice.k, classCount: classes.count) })
  }

  private func accuracy(
    of choice: LogisticRegression.Choice, _ rows: [Int], _ scalings: [FeatureScaling]
  ) -> Double {
    let (known, asked) = scaled(rows, choice.scaling, scalings)
    var regression = LogisticRegression(classCount: classes.count, width: training.width)
    regression.fit(known, strength: choice.strength)
    return share(regression.predictions(asked))
  }

  private func scaled(
    _ rows: [Int], _ kind: FeatureScaling.Kind, _ scalings: [FeatureScaling]
  ) -> (known: LabelledRows, asked: LabelledRows) {
    let scaling = scalings.first { $0.kind == kind } ?? FeatureScaling(kind, of: training)
    return (
      LabelledRows(rows, of: training, targets, scaling),
      LabelledRows(testRows, of: test, testTargets, scaling)
    )
  }

  /// The share of the test rows for which a prediction is right.
  private func share(_ predictions: [Int32]) -> Double {
    let right = zip(predictions, testRows).count { $0 == testTargets[$1] }
    return Double(right) / Double(testRows.count)
  }

  private var ownAccuracy: Double? {
    test.predictions.map { predictions in
      let right = testRows.count { test.labels[$0]?.isExactly(predictions[$0]) ?? false }
      return Double(right) / Double(testRows.count)
    }
  }

  private func drawnRows(_ count: Int, seed: UInt64, draw: Int) throws -> [Int] {
    var members = [[Int]](repeating: [], count: classes.count)
    for row in rows { members[Int(targets[row])].append(row) }
    return try members.enumerated().flatMap { place, members in
      guard members.count >= count else {
        throw TaskError(
          "\(training.path): class '\(classes[place])' has \(members.count) rows; "
            + "--labels-per-class \(count) needs as many in each")
      }
      let random = RandomSource(
        seed: seed, purpose: .labels, index: UInt64(draw * classes.count + place))
      return random.permutation(members.count).prefix(count).map { members[$0] }
    }
  }
}

extension EmbeddingEvaluator.Measurement {
  fileprivate mutating func take(_ accuracy: Double, _ choice: String) {
    accuracies.append(accuracy)
    choices.append(choice)
  }
}
