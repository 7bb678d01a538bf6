import Files
public import Images

/// The picture of how near samples are to real images.
public enum SamplePlot {
  /// Where both lie in the plane in which the real images' features vary most, and below what was measured of each.
  public static func image(_ report: SampleReport, title: String) -> Image {
    let kinds = [("real", report.plane.real), ("generated", report.plane.generated)]
    let scatter = ScatterPlot(
      title: "\(title): the two main directions of the real images' features",
      groups: kinds.map(\.0),
      points: kinds.enumerated().flatMap { group, kind in
        kind.1.map { ScatterPlot.Point(x: Double($0.x), y: Double($0.y), group: group) }
      })
    let named: [(String, (SampleReport.Measures) -> Double)] = [
      ("precision", \.precision), ("recall", \.recall), ("density", \.density),
      ("coverage", \.coverage),
    ]
    var bars = BarChart(
      title: "beside \(report.real.count) real images in their place",
      verticalTitle: "%",
      bars: named.flatMap { name, value in
        [(name, report.generated), ("(real)", report.real)].map { name, measures in
          BarChart.Bar(
            name: name, value: 100 * value(measures),
            caption: FixedPoint.text(100 * value(measures), digits: 1))
        }
      })
    // Wide enough for the names.
    bars.width = 1100
    return Canvas.stacked([scatter.rendered(), bars.rendered()])
  }
}
