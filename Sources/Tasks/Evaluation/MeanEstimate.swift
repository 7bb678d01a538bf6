/// The mean of some numbers, and how sure it is.
public struct MeanEstimate: Sendable, Equatable {
  /// The mean.
  public let value: Double
  /// The standard error of the mean; nil for a single number.
  public let standardError: Double?

  /// The mean of at least one number.
  public init(of numbers: [Double]) {
    precondition(!numbers.isEmpty, "a mean of nothing")
    let count = Double(numbers.count)
    value = numbers.reduce(0, +) / count
    standardError = Self.standardDeviation(of: numbers).map { $0 / count.squareRoot() }
  }

  /// The standard deviation of numbers, of which their own mean is one degree of freedom; nil for less than two.
  public static func standardDeviation(of numbers: [Double]) -> Double? {
    guard numbers.count > 1 else { return nil }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(numbers.count - 1)).squareRoot()
  }

  /// A mean that was computed otherwise.
  public init(value: Double, standardError: Double?) {
    self.value = value
    self.standardError = standardError
  }
}
