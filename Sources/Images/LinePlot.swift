/// Curves over two linear axes, as an image.
///
/// Up to eight series take the colours of ``Colour/distinct`` in order and stand in the legend
/// above the axes. Points that are not finite leave gaps; what leaves the range of an axis is cut
/// at the frame.
public struct LinePlot: Sendable {
  /// A point in the units of the axes.
  public struct Point: Equatable, Sendable {
    /// Along the horizontal axis.
    public var x: Double

    /// Along the vertical axis.
    public var y: Double

    /// A point.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }

    var isFinite: Bool { x.isFinite && y.isFinite }
  }

  /// One curve.
  public struct Series: Sendable {
    /// Its name in the legend.
    public var name: String

    /// Its points in the order in which they are joined.
    public var points: [Point]

    /// Whether each point gets a dot; good for few points.
    public var showsPoints: Bool

    /// A curve.
    public init(name: String, points: [Point], showsPoints: Bool = false) {
      self.name = name
      self.points = points
      self.showsPoints = showsPoints
    }
  }

  /// The text above the plot.
  public var title: String

  /// The text below the horizontal axis.
  public var horizontalTitle: String

  /// The text beside the vertical axis, running upward.
  public var verticalTitle: String

  /// The curves.
  public var series: [Series]

  /// The range of the horizontal axis, or `nil` for that of the points.
  public var horizontalRange: ClosedRange<Double>?

  /// The range of the vertical axis, or `nil` for that of the points with a margin.
  public var verticalRange: ClosedRange<Double>?

  /// Columns of the image; readable from about 400.
  public var width = 900

  /// Rows of the image; readable from about 300.
  public var height = 540

  /// A plot of these curves.
  public init(
    title: String, horizontalTitle: String, verticalTitle: String, series: [Series]
  ) {
    self.title = title
    self.horizontalTitle = horizontalTitle
    self.verticalTitle = verticalTitle
    self.series = series
  }

  /// The ranges drawn, each of positive length even where all points agree.
  var ranges: (horizontal: ClosedRange<Double>, vertical: ClosedRange<Double>) {
    let points = series.flatMap(\.points).filter(\.isFinite)
    return (
      Self.usable(horizontalRange ?? Self.hull(points.map(\.x), margin: 0)),
      Self.usable(verticalRange ?? Self.hull(points.map(\.y), margin: 0.05))
    )
  }

  private static func hull(_ values: [Double], margin: Double) -> ClosedRange<Double> {
    guard let low = values.min(), let high = values.max() else { return 0...1 }
    // Halves first: the difference of the largest doubles is no double.
    let extra = (high / 2 - low / 2) * 2 * margin
    return extra.isFinite ? (low - extra)...(high + extra) : low...high
  }

  private static func usable(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let (low, high) = (max(range.lowerBound, -1e300), min(range.upperBound, 1e300))
    guard low <= high else { return 0...1 }
    let least = max(abs(low), abs(high)) * 1e-9
    if high - low > least { return low...high }
    let extra = low == 0 ? 0.5 : abs(low) * 0.05
    return (low - extra)...(high + extra)
  }
}
