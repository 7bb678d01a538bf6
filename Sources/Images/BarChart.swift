/// Bars over a linear axis that starts at zero, each with its spread, as an image.
public struct BarChart: Sendable {
  /// One bar.
  public struct Bar: Equatable, Sendable {
    /// The name below it; breaks into lines at blanks.
    public var name: String

    /// Its height in the units of the axis, at least 0; nothing is drawn where it is not finite.
    public var value: Double

    /// Half the length of the mark on top, in the same units; `nil` for none.
    public var spread: Double?

    /// The text above it.
    public var caption: String

    /// A bar.
    public init(name: String, value: Double, spread: Double? = nil, caption: String = "") {
      self.name = name
      self.value = value
      self.spread = spread
      self.caption = caption
    }
  }

  /// The text above the chart.
  public var title: String

  /// The text beside the axis, running upward.
  public var verticalTitle: String

  /// The bars, from left to right.
  public var bars: [Bar]

  /// The upper end of the axis, or `nil` for that of the highest bar with its spread.
  public var highest: Double?

  /// Columns of the image; readable from about 120 a bar.
  public var width = 900

  /// Rows of the image; readable from about 300.
  public var height = 540

  /// A chart of these bars.
  public init(title: String, verticalTitle: String, bars: [Bar]) {
    self.title = title
    self.verticalTitle = verticalTitle
    self.bars = bars
  }

  /// The axis, of positive length whatever the bars are.
  var range: ClosedRange<Double> {
    let tops = bars.map { $0.value + ($0.spread ?? 0) }.filter(\.isFinite)
    let highest = highest ?? tops.max() ?? 1
    return 0...(highest > 0 && highest < 1e300 ? highest : 1)
  }
}
