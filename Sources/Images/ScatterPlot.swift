/// Points in the plane without axes, a colour and a mark a group, as an image.
public struct ScatterPlot: Sendable {
  /// One point.
  public struct Point: Equatable, Sendable {
    /// From left to right; nothing is drawn where it is not finite.
    public var x: Double
    /// From bottom to top.
    public var y: Double
    /// The place of its group among the groups; nil for a point of none.
    public var group: Int?

    /// A point.
    public init(x: Double, y: Double, group: Int?) {
      self.x = x
      self.y = y
      self.group = group
    }
  }

  /// The text above the points.
  public var title: String
  /// The names of the groups, for the legend.
  public var groups: [String]
  /// The points.
  public var points: [Point]
  /// What the legend calls points of no group.
  public var nameWithoutGroup = "no label"
  /// Columns and rows of the square that the points are in.
  public var side = 800

  /// Groups that the legend names at most.
  static let mostNamed = 32

  /// A plot of these points.
  public init(title: String, groups: [String], points: [Point]) {
    self.title = title
    self.groups = groups
    self.points = points
  }

  /// The middle of the points and how far they reach to either side of it, across and down alike, so that distances are kept.
  package var frame: (x: Double, y: Double, reach: Double) {
    let shown = points.filter { $0.x.isFinite && $0.y.isFinite }
    let (left, right) = (shown.map(\.x).min() ?? 0, shown.map(\.x).max() ?? 0)
    let (bottom, top) = (shown.map(\.y).min() ?? 0, shown.map(\.y).max() ?? 0)
    let reach = max(right - left, top - bottom) / 2
    return ((left + right) / 2, (bottom + top) / 2, reach > 0 ? reach * 1.04 : 1)
  }

  /// The points in an order that mixes groups, so that the last one does not cover the others.
  package var mixed: [Point] {
    let count = points.count
    guard count > 2 else { return points }
    var step = max(1, Int(Double(count) * 0.618))
    while Self.commonDivisor(step, count) != 1 { step += 1 }
    return (0..<count).map { points[$0 * step % count] }
  }

  private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : commonDivisor(b, a % b)
  }
}
