import Files
public import Images

/// The picture of an augmentation's worth: a bar for each mix, and a curve over the amounts.
public enum AugmentationPlot {
  /// Accuracies in percent, with their standard deviations over the seeds.
  public static func image(_ report: AugmentationReport, title: String) -> Image {
    var chart = BarChart(
      title: title, verticalTitle: "accuracy on \(report.testCount) test images, %",
      bars: report.measurements.map { measurement in
        let spread = measurement.standardDeviation
        return BarChart.Bar(
          name: measurement.mix.title, value: 100 * measurement.accuracy,
          spread: spread.map { 100 * $0 },
          caption: FixedPoint.text(100 * measurement.accuracy, digits: 1)
            + (spread.map { " +- " + FixedPoint.text(100 * $0, digits: 1) } ?? ""))
      })
    chart.highest = 100
    guard report.amounts.count > 1 else { return chart.rendered() }
    let curve = LinePlot(
      title: "what amounts are worth", horizontalTitle: "generated images of each class",
      verticalTitle: "accuracy on \(report.testCount) test images, %",
      series: [
        .init(
          name: "real + generated, one set",
          points: report.amounts.map {
            .init(x: Double($0.perClass), y: 100 * MeanEstimate(of: $0.accuracies).value)
          }, showsPoints: true)
      ])
    return Canvas.stacked([chart.rendered(), curve.rendered()])
  }
}
