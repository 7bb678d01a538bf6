/// How much better one way is than another, measured in pairs that share a seed.
public struct PairedDifference: Sendable, Equatable {
  /// The mean of the differences, and its standard error.
  public let estimate: MeanEstimate
  /// The number of pairs.
  public let count: Int

  /// The differences `values - baseline`, pair by pair; at least one.
  public init(_ values: [Double], less baseline: [Double]) {
    precondition(values.count == baseline.count, "values without a partner")
    count = values.count
    estimate = MeanEstimate(of: zip(values, baseline).map { $0 - $1 })
  }

  /// Whether the 95 % interval of the mean difference leaves 0 out; nil for a single pair.
  ///
  /// The interval is Student's, with `count - 1` degrees of freedom.
  public var isBeyondSpread: Bool? {
    estimate.standardError.map { abs(estimate.value) > Self.quantile(count - 1) * $0 }
  }

  /// The 97.5 % quantile of Student's distribution.
  private static func quantile(_ freedom: Int) -> Double {
    let table = [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
      2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
      2.052, 2.048, 2.045, 2.042,
    ]
    // The first term of the expansion in 1 / freedom serves beyond the table.
    return freedom <= table.count ? table[freedom - 1] : 1.96 + 2.4 / Double(freedom)
  }
}
