/// Numbers as text for people and tables.
public enum FixedPoint {
  /// A number with so many digits after the point, 0...9; `nan`, `inf` and `-inf` by name.
  public static func text(_ value: Double, digits: Int) -> String {
    precondition((0...9).contains(digits))
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    if digits == 0 { return "\(sign)\(scaled)" }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
  }
}
