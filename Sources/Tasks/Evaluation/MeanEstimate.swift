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
    let mean = numbers.reduce(0, +) / count
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    value = mean
    standardError = numbers.count > 1 ? (squares / (count - 1) / count).squareRoot() : nil
  }

  /// A mean that was computed otherwise.
  public init(value: Double, standardError: Double?) {
    self.value = value
    self.standardError = standardError
  }
}
