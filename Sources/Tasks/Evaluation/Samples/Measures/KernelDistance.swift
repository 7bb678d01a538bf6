import Tensors

/// The kernel distance: the unbiased estimate of the squared maximum mean discrepancy with the kernel (x·y / d + 1)³, d features.
///
/// Bińkowski and others 2018, Demystifying MMD GANs, section 3. It is 0 in the mean where both sets have one distribution, and then as
/// often negative. All pairs count, where the paper takes parts of 1000 rows: the mean is the same, the error smaller.
package enum KernelDistance {
  /// The sums of a row's kernels with the others of its own set, and with those of the other set.
  private struct Sums: Sendable {
    var own = 0.0
    var other = 0.0
  }

  /// The distance and its standard error; two rows of each at least.
  ///
  /// The error is that of the two sets' means of what each row adds, which overstates it somewhat where the distance is 0.
  package static func estimate(_ left: FeatureRows, _ right: FeatureRows) -> MeanEstimate {
    precondition(left.count > 1 && right.count > 1, "two rows at least")
    let parts = [sums(left, right), sums(right, left)]
    let counts = [Double(left.count), Double(right.count)]
    var (value, variance) = (0.0, 0.0)
    for side in 0..<2 {
      let (count, otherCount) = (counts[side], counts[1 - side])
      let shares = parts[side].map { $0.own / (count - 1) - $0.other / otherCount }
      let estimate = MeanEstimate(of: shares)
      value += estimate.value
      variance += 4 * (estimate.standardError ?? 0) * (estimate.standardError ?? 0)
    }
    return MeanEstimate(value: value, standardError: variance.squareRoot())
  }

  private static func sums(_ rows: FeatureRows, _ others: FeatureRows) -> [Sums] {
    let scale = 1 / Float(rows.width)
    let own = rows.products(with: rows, start: 0.0) { sum, row, block, products in
      for (place, other) in block.enumerated() where other != row {
        sum += kernel(products[place] * scale)
      }
    }
    let other = rows.products(with: others, start: 0.0) { sum, _, _, products in
      for product in products { sum += kernel(product * scale) }
    }
    return zip(own, other).map { Sums(own: $0, other: $1) }
  }

  @inline(__always)
  private static func kernel(_ product: Float) -> Double {
    let base = Double(product) + 1
    return base * base * base
  }
}
