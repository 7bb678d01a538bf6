package import Tensors

/// The mean and the covariance of rows that are taken in one after the other, in float64.
package struct FeatureMoments: Sendable {
  /// Numbers of a row.
  package let width: Int
  /// Rows so far.
  package private(set) var count = 0
  private var sums: [Double]
  /// Sums of products, row after row; what is above the diagonal stays 0.
  private var products: [Double]

  /// No rows yet.
  package init(width: Int) {
    self.width = width
    sums = [Double](repeating: 0, count: width)
    products = [Double](repeating: 0, count: width * width)
  }

  /// Those of all rows.
  package init(_ rows: FeatureRows) {
    self.init(width: rows.width)
    for block in NearestRows.blocks(rows.count) { add(rows.rows(block)) }
  }

  /// Takes in rows, float32 `[rows, width]`.
  ///
  /// A row of the products is summed by one thread, so that their number does not matter.
  package mutating func add(_ rows: Tensor) {
    let (values, width) = (rows.values, width)
    count += rows.shape[0]
    for (place, value) in values.enumerated() { sums[place % width] += Double(value) }
    let added = ThreadPool.map(width) { first in
      var line = [Double](repeating: 0, count: first + 1)
      for start in stride(from: 0, to: values.count, by: width) {
        let factor = Double(values[start + first])
        guard factor != 0 else { continue }
        for second in 0...first { line[second] += factor * Double(values[start + second]) }
      }
      return line
    }
    for first in 0..<width {
      for second in 0...first { products[first * width + second] += added[first][second] }
    }
  }

  /// The mean of the rows.
  package var mean: [Double] { sums.map { $0 / Double(max(1, count)) } }

  /// The covariance, of which the mean is one degree of freedom, row after row.
  package var covariance: [Double] {
    let (mean, count) = (mean, Double(count))
    var covariance = products
    for first in 0..<width {
      for second in 0...first {
        let value =
          (products[first * width + second] - count * mean[first] * mean[second])
          / max(1, count - 1)
        covariance[first * width + second] = value
        covariance[second * width + first] = value
      }
    }
    return covariance
  }

  /// The sum of the variances.
  package var totalVariance: Double {
    let covariance = covariance
    return (0..<width).reduce(0) { $0 + covariance[$1 * width + $1] }
  }
}
