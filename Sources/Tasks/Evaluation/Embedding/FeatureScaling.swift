import Tensors

/// How features are brought to a common size: `(x - mean) * factor`, mean and factor a feature.
package struct FeatureScaling: Sendable {
  /// Which features share a factor.
  package enum Kind: String, CaseIterable, Sendable {
    /// All: features keep their proportions, so that those that vary little count for little.
    case common
    /// None: each has the standard deviation 1.
    case each
  }

  package let kind: Kind
  package let means: [Float]
  package let factors: [Float]

  /// The scaling that the rows of a table ask for; labels play no part.
  package init(_ kind: Kind, of table: FeatureTable) {
    let (width, count) = (table.width, Double(table.count))
    var sums = [Double](repeating: 0, count: width)
    var squares = sums
    table.features.withUnsafeBufferPointer { values in
      for row in 0..<table.count {
        for place in 0..<width { sums[place] += Double(values[row * width + place]) }
      }
      for place in 0..<width { sums[place] /= count }
      for row in 0..<table.count {
        for place in 0..<width {
          let difference = Double(values[row * width + place]) - sums[place]
          squares[place] += difference * difference
        }
      }
    }
    let variances = squares.map { $0 / count }
    let all = variances.reduce(0, +) / Double(width)
    self.kind = kind
    means = sums.map(Float.init)
    factors = variances.map { variance in
      // A feature that never changes stays at zero.
      let used = kind == .common ? all : variance
      return used > 0 ? Float(1 / used.squareRoot()) : 0
    }
  }

  /// Some rows of a table, scaled: float32 `[rows, width]`.
  func tensor(_ rows: ArraySlice<Int>, of table: FeatureTable) -> Tensor {
    let width = table.width
    return Tensor(shape: [rows.count, width]) { buffer in
      table.features.withUnsafeBufferPointer { values in
        for (place, row) in rows.enumerated() {
          for feature in 0..<width {
            buffer[place * width + feature] =
              (values[row * width + feature] - means[feature]) * factors[feature]
          }
        }
      }
    }
  }
}
