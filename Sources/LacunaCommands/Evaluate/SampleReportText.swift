import Files
import Tasks

/// What `lacuna evaluate samples` says at its end.
enum SampleReportText {
  static func text(_ report: SampleReport) -> String {
    let head = [
      ["compared with", "\(report.testCount) real images"],
      ["features", report.features + ", learnt from \(report.teachingCount) real images"],
    ]
    let (made, real) = (report.generated, report.real)
    func row(_ name: String, _ text: (SampleReport.Measures) -> String) -> [String] {
      [name, text(made), text(real)]
    }
    var rows = [
      ["", "GENERATED", "REAL IN THEIR PLACE"],
      row("images") { "\($0.count)" },
      row("Frechet distance") { number($0.frechet.value, 3) },
      row("  extrapolated") { number($0.frechet.unbiased, 3) },
      row("kernel distance") { spread($0.kernel, 4) },
      row("precision %") { percent($0.precision) },
      row("recall %") { percent($0.recall) },
      row("density") { number($0.density, 3) },
      row("coverage %") { percent($0.coverage) },
      [
        "nearest original, median", number(report.nearest.medianDistance, 4),
        number(report.realNearest.medianDistance, 4),
      ],
      [
        "copies of originals %", percent(report.nearest.copyShare),
        percent(report.realNearest.copyShare),
      ],
      row("Parzen window, nats") { spread($0.parzen.logLikelihood, 1) },
      row("  its width") { number($0.parzen.width, 3) },
    ]
    if let accuracy = report.accuracy.real {
      rows.append(
        [
          "classifier taught by them, %", report.accuracy.generated.map(percent) ?? "-",
          percent(accuracy),
        ])
    }
    return
      ([Table.text(head), Table.text(rows)] + (report.classes.map(classes).map { [$0] } ?? []))
      .joined(separator: "\n\n")
  }

  private static func classes(_ classes: SampleReport.Classes) -> String {
    let sums = (classes.generated.reduce(0, +), classes.real.reduce(0, +))
    var rows = [["CLASS AS SEEN", "GENERATED %", "REAL %"]]
    for (label, name) in classes.names.enumerated() {
      rows.append(
        [
          name, percent(Double(classes.generated[label]) / Double(sums.0)),
          percent(Double(classes.real[label]) / Double(sums.1)),
        ])
    }
    var lines = [
      classes.missed.isEmpty
        ? "no class is missed"
        : "missed (less than a fifth of the real share): " + classes.missed.joined(separator: ", "),
      "chi-square \(number(classes.test.value, 1)) with \(classes.test.freedom) degrees of freedom: "
        + (classes.test.probability < 0.01
          ? "the classes' shares differ beyond chance (p < 0.01)"
          : "the classes' shares differ no more than by chance "
            + "(p = \(number(classes.test.probability, 2)))"),
    ]
    if let agreement = classes.agreement {
      lines.append("seen as the class of their label: \(percent(agreement)) %")
    }
    return Table.text(rows) + "\n\n" + lines.joined(separator: "\n")
  }

  /// What could not be told.
  static func remarks(_ report: SampleReport) -> [String] {
    if report.classes == nil {
      return ["the real images have no labels of two classes: no class is told"]
    }
    if report.accuracy.real == nil {
      return ["the real images to compare with have no labels: no classifier is judged by them"]
    }
    guard report.accuracy.generated == nil else { return [] }
    return [
      "no classifier is taught by the generated images: they have no labels, or none of a class"
    ]
  }

  /// What is hardly worth its name.
  static func warnings(_ report: SampleReport) -> [String] {
    let few = min(report.testCount, report.generated.count)
    guard few < 2 * report.featureCount else { return [] }
    return [
      "\(few) images tell little of \(report.featureCount) features: the Frechet distance is mostly the "
        + "bias of few images, and its extrapolation is rough; the kernel distance has no bias"
    ]
  }

  private static func number(_ value: Double, _ digits: Int) -> String {
    FixedPoint.text(value, digits: digits)
  }

  private static func percent(_ share: Double) -> String { number(100 * share, 1) }

  private static func spread(_ mean: MeanEstimate, _ digits: Int) -> String {
    number(mean.value, digits) + (mean.standardError.map { " +- " + number($0, digits) } ?? "")
  }
}
