import Files
public import Images

/// The picture of an augmentation's worth: a bar for each mix.
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
    return chart.rendered()
  }
}
