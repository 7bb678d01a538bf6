import Platform
import Tensors

/// How near rows are to each other, as probabilities: p(i, j) of a pair, 0 but for near neighbours.
///
/// p(j | i) ∝ exp(-d² / 2 s²) over the nearest neighbours of i, s such that their perplexity is the one asked for, and p(i, j) the mean of
/// both ways over all rows (van der Maaten and Hinton 2008, Visualizing Data using t-SNE, sections 2 and 3.1; neighbours
/// alone: van der Maaten 2014, Accelerating t-SNE using Tree-Based Algorithms, section 3.1).
struct NeighbourAffinities: Sendable {
  /// Neighbours that count for each unit of perplexity.
  static let neighboursPerPerplexity = 3

  /// For each row its neighbours and p, ordered by place.
  let rows: [[(place: Int, probability: Double)]]

  /// - Parameter neighbours: the nearest of each row, itself left out.
  init(_ neighbours: [[NearestRows.Match]], perplexity: Double) {
    let count = neighbours.count
    let own = ThreadPool.map(count) { Self.conditional(neighbours[$0], perplexity) }
    var sums = [[Int: Double]](repeating: [:], count: count)
    for (row, matches) in neighbours.enumerated() {
      for (match, probability) in zip(matches, own[row]) {
        let share = probability / Double(2 * count)
        sums[row][match.place, default: 0] += share
        sums[match.place][row, default: 0] += share
      }
    }
    rows = sums.map { sums in sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
  }

  /// p(j | i) of one row's neighbours, by bisection of the precision.
  private static func conditional(_ matches: [NearestRows.Match], _ perplexity: Double) -> [Double]
  {
    guard let nearest = matches.first else { return [] }
    let squares = matches.map { $0.distance * $0.distance - nearest.distance * nearest.distance }
    let mean = squares.reduce(0, +) / Double(squares.count)
    // All equally far: alike, whatever the precision.
    guard mean > 0 else { return squares.map { _ in 1 / Double(squares.count) } }
    var (low, high) = (0.0, Double.infinity)
    var precision = 1 / mean
    var result: [Double] = []
    for _ in 0..<64 {
      let weights = squares.map { exp(-$0 * precision) }
      let sum = weights.reduce(0, +)
      result = weights.map { $0 / sum }
      let entropy = log(sum) + precision * zip(result, squares).reduce(0) { $0 + $1.0 * $1.1 }
      if entropy > log(perplexity) { low = precision } else { high = precision }
      precision = high.isFinite ? (low + high) / 2 : 2 * precision
    }
    return result
  }
}
