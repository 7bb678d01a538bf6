import Platform

/// Pearson's test of whether two sets have their images in the same classes by chance alone.
package struct ChiSquare: Sendable, Equatable {
  /// Σ (√(m/n) aᵢ - √(n/m) bᵢ)² / (aᵢ + bᵢ) over the classes, n and m being the sums of a and b.
  package let value: Double
  /// Degrees of freedom: classes that either set has, less one.
  package let freedom: Int
  /// The probability of so large a value or a larger one where both are alike.
  package let probability: Double

  /// The test of two lists of counts, neither of which is all zeros.
  package init(_ first: [Int], _ second: [Int]) {
    let (n, m) = (Double(first.reduce(0, +)), Double(second.reduce(0, +)))
    precondition(n > 0 && m > 0 && first.count == second.count, "counts of the same classes")
    var (value, classes) = (0.0, 0)
    for (a, b) in zip(first, second) where a + b > 0 {
      let difference = (m / n).squareRoot() * Double(a) - (n / m).squareRoot() * Double(b)
      value += difference * difference / Double(a + b)
      classes += 1
    }
    self.value = value
    freedom = max(0, classes - 1)
    probability = freedom == 0 ? 1 : Self.upperGamma(Double(freedom) / 2, value / 2)
  }

  /// The regularised upper incomplete gamma function Q(a, x), by its series or its continued fraction (Abramowitz and Stegun,
  /// 6.5.29 and 6.5.31).
  package static func upperGamma(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 1 }
    let factor = exp(a * log(x) - x - lgamma(a))
    if x < a + 1 {
      var (term, sum) = (1 / a, 1 / a)
      for step in 1...500 where term > sum * 1e-16 {
        term *= x / (a + Double(step))
        sum += term
      }
      return max(0, 1 - factor * sum)
    }
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var fraction = d
    for step in 1...500 {
      let numerator = -Double(step) * (Double(step) - a)
      b += 2
      d = 1 / (numerator * d + b)
      c = b + numerator / c
      fraction *= c * d
      if abs(c * d - 1) < 1e-15 { break }
    }
    return factor * fraction
  }
}
