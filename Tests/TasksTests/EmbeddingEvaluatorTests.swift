import Platform
import Tasks
import Tensors
import TestSupport
import Testing

/// The classifiers that judge embeddings.
@Suite struct EmbeddingEvaluatorTests {
  /// Rows of three classes around centres of their own, in 6 features of which 2 say nothing.
  private func columns(_ count: Int) -> [String] { (0..<count).map { "embedding_\($0)" } }

  private func table(_ count: Int, seed: UInt64, spread: Float) -> FeatureTable {
    let normal = RandomSource(seed: seed, purpose: .testing).normal([count, 6]).values
    let features = (0..<count).flatMap { row in
      (0..<6).map { feature in
        let centre: Float = feature < 4 && (row % 3 + 1) & (1 << (feature % 2)) != 0 ? 2 : 0
        return centre + spread * normal[row * 6 + feature]
      }
    }
    return FeatureTable(
      path: "table", columns: columns(6), labels: (0..<count).map { "class \($0 % 3)" },
      features: features)
  }

  @Test func classesThatLieApartAreToldApart() throws {
    let evaluator = try EmbeddingEvaluator(
      training: table(300, seed: 1, spread: 0.4), test: table(600, seed: 2, spread: 0.4))
    let report = try evaluator.evaluate()
    #expect(report.classes == ["class 0", "class 1", "class 2"])
    #expect(report.trainingRows == 300 && report.testRows == 600 && report.features == 6)
    #expect(report.nearestNeighbours.accuracy > 0.97)
    #expect(report.logisticRegression.accuracy > 0.97)
    #expect(report.nearestNeighbours.standardDeviation == nil)
    #expect(report.ownAccuracy == nil)
  }

  @Test func labelsThatSayNothingAreNotLearnt() throws {
    let noise = table(600, seed: 3, spread: 1000)
    let evaluator = try EmbeddingEvaluator(
      training: table(300, seed: 4, spread: 1000), test: noise)
    let report = try evaluator.evaluate()
    #expect(abs(report.nearestNeighbours.accuracy - 1 / 3) < 0.08)
    #expect(abs(report.logisticRegression.accuracy - 1 / 3) < 0.08)
  }

  @Test func drawsAreReproducibleWhateverTheThreads() throws {
    let evaluator = try EmbeddingEvaluator(
      training: table(1500, seed: 5, spread: 1.5), test: table(700, seed: 6, spread: 1.5))
    let report = try evaluator.evaluate(labelsPerClass: 4, draws: 6, seed: 1)
    #expect(report.trainingRows == 12)
    #expect(report.logisticRegression.accuracies.count == 6)
    #expect(Set(report.logisticRegression.accuracies).count > 1)
    let deviation = try #require(report.logisticRegression.standardDeviation)
    #expect(deviation > 0 && deviation < 0.3)
    let threads = ThreadPool.threads
    ThreadPool.threads = 1
    defer { ThreadPool.threads = threads }
    #expect(try evaluator.evaluate(labelsPerClass: 4, draws: 6, seed: 1) == report)
    #expect(try evaluator.evaluate(labelsPerClass: 4, draws: 6, seed: 2) != report)
    // More labels help where classes overlap.
    let all = try evaluator.evaluate()
    #expect(all.logisticRegression.accuracy > report.logisticRegression.accuracy)
  }

  @Test func aFeatureThatIsLoudAndSaysNothingIsTamed() throws {
    func loud(_ table: FeatureTable) -> FeatureTable {
      let features = table.features.enumerated().map { $0 % 6 == 5 ? 300 * $1 : $1 }
      return FeatureTable(
        path: "loud", columns: columns(6), labels: table.labels, features: features)
    }
    let evaluator = try EmbeddingEvaluator(
      training: loud(table(300, seed: 7, spread: 0.4)), test: loud(table(600, seed: 8, spread: 0.4))
    )
    let report = try evaluator.evaluate()
    #expect(report.nearestNeighbours.choices[0].hasSuffix("each scale"))
    #expect(report.nearestNeighbours.accuracy > 0.95)
  }

  private func rows(_ table: FeatureTable, _ scaling: FeatureScaling) -> LabelledRows {
    LabelledRows(
      Array(0..<table.count), of: table, (0..<table.count).map { Int32($0 % 3) }, scaling)
  }

  /// Distances computed one by one, in float64.
  @Test func neighboursAreThoseOfTheDefinition() throws {
    let (training, test) = (table(1100, seed: 9, spread: 2), table(600, seed: 10, spread: 2))
    let scaling = FeatureScaling(.common, of: training)
    let nearest = NearestNeighbours(rows(training, scaling)).nearestClasses(
      rows(test, scaling), count: 7)
    #expect(nearest.count == 600)
    for query in 0..<test.count {
      let distances = (0..<training.count).map { row in
        (0..<6).reduce(0.0) { sum, feature in
          let difference =
            Double(test.features[query * 6 + feature])
            - Double(training.features[row * 6 + feature])
          return sum + difference * difference
        }
      }
      let sorted = distances.indices.sorted { distances[$0] < distances[$1] }
      #expect(nearest[query] == sorted.prefix(7).map { Int32($0 % 3) })
    }
  }

  @Test func aRowIsNoNeighbourOfItself() throws {
    let table = table(700, seed: 13, spread: 1.5)
    let rows = rows(table, FeatureScaling(.common, of: table))
    let neighbours = NearestNeighbours(rows)
    let own = neighbours.nearestClasses(rows, count: 1).map { $0[0] }
    #expect(own == (0..<700).map { Int32($0 % 3) })
    let others = neighbours.nearestClasses(rows, count: 1, own: Array(0..<700)).map { $0[0] }
    #expect(others != own)
  }

  @Test func votesThatAreEvenGoToTheNearest() {
    #expect(NearestNeighbours.vote([2, 1, 1], k: 3, classCount: 3) == 1)
    #expect(NearestNeighbours.vote([2, 1, 1], k: 2, classCount: 3) == 2)
    #expect(NearestNeighbours.vote([0, 2, 1, 1, 2], k: 5, classCount: 3) == 2)
  }

  /// At the best parameters every step leads up; the reference is in float64.
  @Test func theRegressionEndsAtItsMinimum() throws {
    let table = table(240, seed: 11, spread: 1)
    let scaling = FeatureScaling(.each, of: table)
    let features = table.features.enumerated().map { place, value in
      Double((value - scaling.means[place % 6]) * scaling.factors[place % 6])
    }
    let strength = 3.0
    var regression = LogisticRegression(classCount: 3, width: 6)
    regression.fit(rows(table, scaling), strength: strength)
    let best = regression.parameters
    func objective(_ parameters: [Double]) -> Double {
      var sum = 0.0
      for row in 0..<240 {
        let logits = (0..<3).map { label in
          (0..<6).reduce(parameters[18 + label]) {
            $0 + parameters[label * 6 + $1] * features[row * 6 + $1]
          }
        }
        let largest = logits.max() ?? 0
        let logSum = largest + log(logits.reduce(0) { $0 + exp($1 - largest) })
        sum += logSum - logits[row % 3]
      }
      return sum + strength / 2 * parameters[..<18].reduce(0) { $0 + $1 * $1 }
    }
    let least = objective(best)
    for place in best.indices {
      for step in [0.02, -0.02] {
        var other = best
        other[place] += step
        #expect(objective(other) > least)
      }
    }
    #expect(least < objective([Double](repeating: 0, count: 21)) / 2)
  }

  /// The same numbers under the same names are the same table, wherever the columns stand.
  @Test func featuresAreMatchedByName() throws {
    let (known, asked) = (table(60, seed: 21, spread: 1.5), table(90, seed: 22, spread: 1.5))
    func mixed(_ table: FeatureTable, _ order: [Int]) -> FeatureTable {
      FeatureTable(
        path: "mixed", columns: order.map { table.columns[$0] }, labels: table.labels,
        features: (0..<table.count).flatMap { row in order.map { table.features[row * 6 + $0] } })
    }
    let expected = try EmbeddingEvaluator(training: known, test: asked).evaluate()
    let orders = [[5, 4, 3, 2, 1, 0], [1, 0, 2, 3, 4, 5], [3, 5, 0, 2, 4, 1]]
    for order in orders {
      for (training, test) in [
        (known, mixed(asked, order)), (mixed(known, order), asked),
        (mixed(known, order), mixed(asked, orders[0])),
      ] {
        #expect(try EmbeddingEvaluator(training: training, test: test).evaluate() == expected)
      }
    }
  }

  @Test func featuresThatAreMissingOrExtraAreNamed() throws {
    func named(_ path: String, _ columns: [String]) -> FeatureTable {
      FeatureTable(
        path: path, columns: columns, labels: ["a", "b"],
        features: [Float](repeating: 1, count: 2 * columns.count))
    }
    for (training, test, reason) in [
      (["f", "g"], ["g"], "test: lacks the features f, unlike train"),
      (["f"], ["f", "x", "y"], "test: has the features x, y besides, unlike train"),
      (["f", "g"], ["f", "h"], "test: lacks the features g and has the features h besides"),
      (["\u{e9}"], ["e\u{301}"], "test: lacks the features \u{e9} and has"),
      (
        (0..<40).map { "f\($0)" }, ["f0"],
        "lacks the features f1, f2, f3, f4, f5, f6, f7, f8, f9, "
          + "f10, f11, f12 and 27 more, unlike train"
      ),
    ] {
      let error = #expect(throws: TaskError.self) {
        try EmbeddingEvaluator(training: named("train", training), test: named("test", test))
      }
      #expect(error?.description.contains(reason) == true, "\(error?.description ?? "none")")
    }
  }

  @Test(arguments: UnicodeForms.pairs)
  func classesAreToldApartByBytes(_ one: String, _ other: String) throws {
    let table = FeatureTable(
      path: "t", columns: ["f"], labels: [one, other, one, other],
      predictions: [one, one, one, other], features: [0, 1, 0, 1])
    let report = try EmbeddingEvaluator(training: table, test: table).evaluate(neighbours: 1)
    #expect(report.classes.count == 2 && report.ownAccuracy == 0.75)
    #expect(report.nearestNeighbours.accuracy == 1)
  }

  @Test func tablesThatDoNotGoTogetherAreRefused() throws {
    let good = table(30, seed: 12, spread: 1)
    func expect(_ reason: String, _ body: () throws -> Void) {
      #expect(performing: body, throws: { "\($0)".contains(reason) })
    }
    func other(_ labels: [String?], width: Int = 6) -> FeatureTable {
      FeatureTable(
        path: "other", columns: columns(width), labels: labels,
        features: [Float](repeating: 1, count: labels.count * width))
    }
    expect("other: lacks the features embedding_5, unlike table") {
      _ = try EmbeddingEvaluator(training: good, test: other(["class 0"], width: 5))
    }
    expect("other: the class 'x' of its row 2 is not in table") {
      _ = try EmbeddingEvaluator(training: good, test: other(["class 0", "x"]))
    }
    expect("other: no row has a label") {
      _ = try EmbeddingEvaluator(training: good, test: other([nil, nil]))
    }
    expect("other: has 1 classes among its labels; two are needed") {
      _ = try EmbeddingEvaluator(training: other(["a", "a", nil]), test: good)
    }
    expect("class 'class 0' has 10 rows; --labels-per-class 11 needs as many") {
      _ = try EmbeddingEvaluator(training: good, test: good).evaluate(labelsPerClass: 11)
    }
  }
}
