import Tensors

extension LogisticRegression {
  /// The strength of the penalty and the scaling of the features.
  struct Choice: Sendable, Equatable {
    var strength: Double
    var scaling: FeatureScaling.Kind
  }

  /// Strengths to choose from, the strongest first: powers of the square root of ten.
  static let strengths: [Double] = {
    let root = 10.0.squareRoot()
    let powers = (0...3).map { exponent in (0..<exponent).reduce(1.0) { power, _ in power * 10 } }
    return powers.reversed().flatMap { [$0 * root, $0] }
      + powers.dropFirst().flatMap { [root / $0, 1 / $0] }
  }()
  /// Rows that a choice is made with, at most.
  static let mostRows = 5000

  /// The choice under which rows left out are likeliest (cross-validation in five parts, each with
  /// its share of every class).
  ///
  /// Where no class has two rows there is nothing to choose by.
  static func choice(
    _ rows: [Int], of table: FeatureTable, _ targets: [Int32], classCount: Int,
    scalings: [FeatureScaling], seed: UInt64, draw: Int
  ) -> Choice {
    let parts = parts(
      rows, targets, classCount: classCount,
      RandomSource(seed: seed, purpose: .validation, index: UInt64(draw)))
    guard parts.count > 1 else { return Choice(strength: 1, scaling: .common) }
    let losses = ThreadPool.map(scalings.count * parts.count) { item in
      let (scaling, held) = (scalings[item / parts.count], item % parts.count)
      let others = parts.indices.filter { $0 != held }.flatMap { parts[$0] }
      let training = LabelledRows(others, of: table, targets, scaling)
      let judges = LabelledRows(parts[held], of: table, targets, scaling)
      var regression = LogisticRegression(classCount: classCount, width: table.width)
      return strengths.map { strength in
        regression.fit(training, strength: strength)
        return regression.loss(judges) * Double(judges.count)
      }
    }
    var best = (loss: Double.infinity, choice: Choice(strength: 1, scaling: .common))
    for (place, scaling) in scalings.enumerated() {
      for (number, strength) in strengths.enumerated() {
        let loss = parts.indices.reduce(0) { $0 + losses[place * parts.count + $1][number] }
        if loss < best.loss {
          best = (loss, Choice(strength: strength, scaling: scaling.kind))
        }
      }
    }
    return best.choice
  }

  /// At most five parts of the rows, in each as many of a class as in the others, give or take one.
  private static func parts(
    _ rows: [Int], _ targets: [Int32], classCount: Int, _ random: RandomSource
  ) -> [[Int]] {
    let order = random.permutation(rows.count).prefix(mostRows).map { rows[$0] }
    var classes = [[Int]](repeating: [], count: classCount)
    for row in order { classes[Int(targets[row])].append(row) }
    let count = min(5, classes.reduce(0) { max($0, $1.count) })
    var parts = [[Int]](repeating: [], count: count)
    var next = 0
    for row in classes.joined() {
      parts[next % count].append(row)
      next += 1
    }
    return parts.filter { !$0.isEmpty }
  }
}
