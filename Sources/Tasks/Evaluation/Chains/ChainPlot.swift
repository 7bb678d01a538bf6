public import Images

/// The picture of how long chains stay alike.
public enum ChainPlot {
  /// Autocorrelation over the lag, as far as it says something.
  public static func image(_ report: ChainReport, title: String) -> Image {
    // Beyond ten times τ there is noise alone.
    let count = min(report.autocorrelation.count, max(20, Int(10 * report.integratedTime.value)))
    var plot = LinePlot(
      title: title, horizontalTitle: "sweeps", verticalTitle: "autocorrelation of pixels",
      series: [
        LinePlot.Series(
          name: "\(report.chains) chains of \(report.sweeps) sweeps",
          points: report.autocorrelation.prefix(count).enumerated().map {
            LinePlot.Point(x: Double($0), y: $1)
          })
      ])
    plot.verticalRange = min(-0.05, report.autocorrelation.prefix(count).min() ?? 0)...1
    return plot.rendered()
  }
}
