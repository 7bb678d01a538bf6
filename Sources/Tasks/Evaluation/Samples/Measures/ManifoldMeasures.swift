import Tensors

/// How two sets of rows lie in each other's neighbourhoods: balls around rows that reach to their k-th nearest row of the same set.
///
/// Precision and recall with k = 3 (Kynkäänniemi and others 2019, Improved Precision and Recall Metric for Assessing Generative
/// Models, section 2); density and coverage with k = 5 (Naeem and others 2020, Reliable Fidelity and Diversity Metrics for Generative
/// Models, section 3). All depend on the number of rows: only sets of one size compare.
package struct ManifoldMeasures: Sendable, Equatable {
  /// The share of generated rows that are in the ball of a real one: whether they are like real ones.
  package let precision: Double
  /// The share of real rows that are in the ball of a generated one: whether all is there.
  package let recall: Double
  /// The mean number of real balls that a generated row is in, over k: 1 in the mean where all is right; may be above.
  package let density: Double
  /// The share of real rows with a generated one in their ball.
  package let coverage: Double

  /// Neighbours that make a ball.
  static let (fewNeighbours, moreNeighbours) = (3, 5)
  /// Rows that a set needs at least.
  package static let fewestRows = moreNeighbours + 2

  /// The measures of two sets of at least `fewestRows` rows.
  package init(generated: FeatureRows, real: FeatureRows) {
    let (ofReal, ofGenerated) = (Self.radii(real), Self.radii(generated))
    let among = generated.squaredDistances(to: real, start: (isInside: false, balls: 0)) {
      result, _, other, distance in
      if distance <= ofReal[other].few { result.isInside = true }
      if distance <= ofReal[other].more { result.balls += 1 }
    }
    let found = real.squaredDistances(to: generated, start: (isInside: false, isCovered: false)) {
      result, row, other, distance in
      if distance <= ofGenerated[other].few { result.isInside = true }
      if distance <= ofReal[row].more { result.isCovered = true }
    }
    precision = Self.share(among.count { $0.isInside }, of: generated)
    density =
      Self.share(among.reduce(0) { $0 + $1.balls }, of: generated) / Double(Self.moreNeighbours)
    recall = Self.share(found.count { $0.isInside }, of: real)
    coverage = Self.share(found.count { $0.isCovered }, of: real)
  }

  private static func share(_ count: Int, of rows: FeatureRows) -> Double {
    Double(count) / Double(rows.count)
  }

  /// The squared distances of each row to the few and the more nearest other rows.
  private static func radii(_ rows: FeatureRows) -> [(few: Float, more: Float)] {
    rows.squaredDistances(to: rows, start: Candidates<Float>(capacity: moreNeighbours)) {
      nearest, row, other, distance in
      if other != row { nearest.offer(other, distance) }
    }.map { ($0.scores[fewNeighbours - 1], $0.scores[moreNeighbours - 1]) }
  }
}
