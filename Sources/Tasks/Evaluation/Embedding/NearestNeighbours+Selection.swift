import Tensors

extension NearestNeighbours {
  /// The number of neighbours and the scaling of the features.
  struct Choice: Sendable, Equatable {
    var k: Int
    var scaling: FeatureScaling.Kind
  }

  /// Numbers of neighbours to choose from.
  static let counts = [1, 3, 5, 9, 15]
  /// Rows that judge a choice, at most.
  static let mostQueries = 2000

  /// The choice under which most rows are classified rightly by the other rows.
  ///
  /// - Parameter k: the number of neighbours where that is given.
  static func choice(
    _ rows: [Int], of table: FeatureTable, _ targets: [Int32], classCount: Int,
    scalings: [FeatureScaling], k: Int?, seed: UInt64, draw: Int
  ) -> Choice {
    let random = RandomSource(seed: seed, purpose: .validation, index: UInt64(draw))
    let own = Array(random.permutation(rows.count).prefix(mostQueries))
    let counts = k.map { [$0] } ?? counts.filter { $0 < rows.count }
    var best = (right: 0, choice: Choice(k: k ?? 1, scaling: .common))
    // Where no class has two rows, no row can be classified by the others.
    for scaling in scalings {
      let all = LabelledRows(rows, of: table, targets, scaling)
      let queries = LabelledRows(own.map { rows[$0] }, of: table, targets, scaling)
      let nearest = NearestNeighbours(all).nearestClasses(
        queries, count: counts.max() ?? 1, own: own)
      for k in counts {
        let right = zip(nearest, queries.targets).count { classes, target in
          vote(classes, k: k, classCount: classCount) == target
        }
        if right > best.right { best = (right, Choice(k: k, scaling: scaling.kind)) }
      }
    }
    return best.choice
  }
}
