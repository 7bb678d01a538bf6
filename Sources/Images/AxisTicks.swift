import Platform

/// The marks of an axis: multiples of 1, 2 or 5 times a power of ten.
public struct AxisTicks: Equatable, Sendable {
  /// The marks, from small to large, all within the range.
  public let values: [Double]

  /// The marks in words, such as `-0.25`, `1500` or `2e+09`.
  public let labels: [String]

  /// About `count` marks for a range, whose ends must be finite and apart.
  public init(range: ClosedRange<Double>, count: Int) {
    let span = range.upperBound - range.lowerBound
    precondition(span > 0 && span.isFinite && count > 0, "no axis over \(range)")
    let rough = span / Double(count)
    var exponent = Int(log10(rough).rounded(.down))
    let leading = rough / pow(10, Double(exponent))
    let digit: Int
    switch leading {
    case ..<1.5: digit = 1
    case ..<3.5: digit = 2
    case ..<7.5: digit = 5
    default:
      digit = 1
      exponent += 1
    }
    // Dividing by a whole power of ten keeps marks such as 0.3 at their nearest double.
    let power = pow(10, Double(abs(exponent)))
    func value(_ multiple: Double) -> Double {
      let scaled = multiple * Double(digit)
      return exponent < 0 ? scaled / power : scaled * power
    }
    let step = value(1)
    let slack = 1e-9
    let first = (range.lowerBound / step - slack).rounded(.up)
    let last = (range.upperBound / step + slack).rounded(.down)
    let multiples = stride(from: first, through: last, by: 1)
    values = multiples.map { $0 == 0 ? 0 : value($0) }
    let largest = max(abs(range.lowerBound), abs(range.upperBound))
    if largest >= 1e7 || exponent < -6 {
      let digits = largest > 0 ? max(0, Int(log10(largest).rounded(.down)) - exponent) : 0
      labels = values.map { Self.format($0, "%.\(min(digits, 9))e") }
    } else {
      labels = values.map { Self.format($0, "%.\(max(0, -exponent))f") }
    }
  }

  private static func format(_ value: Double, _ pattern: String) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      buffer.initialize(repeating: 0)
      withVaList([value]) { _ = vsnprintf(buffer.baseAddress, buffer.count, pattern, $0) }
      return buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
  }
}
