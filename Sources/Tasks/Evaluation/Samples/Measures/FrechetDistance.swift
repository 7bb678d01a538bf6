import Tensors

/// The Fréchet distance of the Gaussians that have two sets' means and covariances (Heusel and others 2017, GANs Trained by a Two
/// Time-Scale Update Rule Converge to a Local Nash Equilibrium, section 3):
/// |μ₁ - μ₂|² + tr(C₁ + C₂ - 2 (C₁C₂)^½), in squared units of the features.
package struct FrechetDistance: Sendable, Equatable {
  /// The distance of the sets as they are: too large in the mean, the more so the fewer rows there are.
  package let value: Double
  /// What it tends to as both sets grow: a line in 1 / rows through the distances of parts of both sets, at 0.
  ///
  /// Chong and Forsyth 2020, Effectively Unbiased FID and Inception Score and Where to Find Them, section 4, who let the generated set
  /// grow alone. It may come out below 0 where there is hardly a difference.
  package let unbiased: Double

  /// Parts that the line goes through.
  static let partCount = 12
  /// The share of the rows that is in the smallest part.
  static let smallestShare = 0.25

  /// The distance of two sets of rows, which are in a random order.
  package init(_ left: FeatureRows, _ right: FeatureRows) {
    let ofLeft = Self.parts(left)
    let ofRight = Self.parts(right)
    let distances = ThreadPool.map(Self.partCount) { Self.distance(ofLeft[$0], ofRight[$0]) }
    value = distances[Self.partCount - 1]
    unbiased = Self.intercept(
      // Where the sets differ in size both errors count, each by one over its rows.
      zip(ofLeft, ofRight).map { (1 / Double($0.count) + 1 / Double($1.count)) / 2 }, distances)
  }

  /// The distance of two sets by their moments.
  package static func distance(_ left: FeatureMoments, _ right: FeatureMoments) -> Double {
    let width = left.width
    precondition(width == right.width, "moments of unlike width")
    let (first, second) = (left.covariance, right.covariance)
    let root = SymmetricDecomposition(first, size: width).squareRoot
    let between = product(product(root, second, width), root, width)
    let shared = SymmetricDecomposition(between, size: width).values
      .reduce(0) { $0 + max(0, $1).squareRoot() }
    let traces = (0..<width).reduce(0) { $0 + first[$1 * (width + 1)] + second[$1 * (width + 1)] }
    let means = zip(left.mean, right.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return means + traces - 2 * shared
  }

  /// The moments of ever larger parts, evenly spaced in 1 / rows, the last one all rows.
  private static func parts(_ rows: FeatureRows) -> [FeatureMoments] {
    var moments = FeatureMoments(width: rows.width)
    return (0..<partCount).map { part in
      let share = Double(part) / Double(partCount - 1)
      let inverse = (1 - share) / smallestShare + share
      let end = part == partCount - 1 ? rows.count : Int(Double(rows.count) / inverse)
      for start in stride(from: moments.count, to: end, by: NearestRows.blockSize) {
        moments.add(rows.rows(start..<min(end, start + NearestRows.blockSize)))
      }
      return moments
    }
  }

  /// The value at 0 of the line through points by least squares.
  private static func intercept(_ x: [Double], _ y: [Double]) -> Double {
    let count = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    guard spread > 0 else { return meanY }
    let slope = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
    return meanY - slope * meanX
  }

  private static func product(_ left: [Double], _ right: [Double], _ width: Int) -> [Double] {
    var product = [Double](repeating: 0, count: width * width)
    for row in 0..<width {
      for inner in 0..<width {
        let factor = left[row * width + inner]
        for column in 0..<width {
          product[row * width + column] += factor * right[inner * width + column]
        }
      }
    }
    return product
  }
}
