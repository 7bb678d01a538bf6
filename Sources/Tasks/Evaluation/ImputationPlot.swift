public import Images

/// The picture of an evaluation: how the nats spread over the images, and whether the truth is as likely as the
/// completions.
public enum ImputationPlot {
  /// Two plots, one above the other.
  public static func image(_ reports: [ImputationReport], title: String) -> Image {
    Canvas.stacked([spread(reports, title), calibration(reports)].map { $0.rendered() })
  }

  /// The kind of holes, and the method where there are several.
  private static func name(
    _ report: ImputationReport, among reports: [ImputationReport]
  ) -> String {
    reports.allSatisfy { $0.method == report.method }
      ? report.hole : "\(report.hole), \(report.method)"
  }

  /// Nats a missing pixel, the images in order of them.
  private static func spread(_ reports: [ImputationReport], _ title: String) -> LinePlot {
    LinePlot(
      title: title, horizontalTitle: "share of the images",
      verticalTitle: "nats a missing pixel, at most",
      series: reports.map { report in
        let sorted = report.measurements.map(\.natsPerPixel).sorted()
        return LinePlot.Series(
          name: name(report, among: reports),
          points: sorted.enumerated().map { place, nats in
            LinePlot.Point(x: Double(place + 1) / Double(sorted.count), y: nats)
          })
      })
  }

  /// How often the truth is likelier than at most a share of its completions: the diagonal where the model is right.
  private static func calibration(_ reports: [ImputationReport]) -> LinePlot {
    var plot = LinePlot(
      title: "is the truth as likely as the completions?",
      horizontalTitle: "share expected of a model that is right", verticalTitle: "share of images",
      series: reports.map { report in
        let count = Double(report.imageCount)
        let points = (0...report.samples).map { place in
          let most = (Double(place) + 0.5) / Double(report.samples)
          return LinePlot.Point(
            x: Double(place + 1) / Double(report.samples + 1),
            y: Double(report.measurements.count { $0.rank < most }) / count)
        }
        return LinePlot.Series(
          name: name(report, among: reports), points: [LinePlot.Point(x: 0, y: 0)] + points,
          showsPoints: true)
      })
    plot.horizontalRange = 0...1
    plot.verticalRange = 0...1
    return plot
  }
}
