import Files
import Tasks

/// What `lacuna evaluate augmentation` says at its end.
enum AugmentationReportText {
  /// Mixes that are compared, each with the one that it has to beat.
  private static let comparisons: [(mix: TrainingMix, baseline: TrainingMix)] =
    TrainingMix.allCases.filter { $0 != .real }.map { ($0, .real) }
    + [(.realAndBoth, .realAndTransforms)]

  static func text(_ report: AugmentationReport, steps: Int, batch: Int) -> String {
    let seeds = report.measurements.first?.accuracies.count ?? 0
    let head = [
      ["real images", counts(report.realCounts)],
      ["generated images", counts(report.generatedCounts)],
      ["test images", "\(report.testCount)"],
      ["trainings", "\(seeds) a row, of \(steps) steps of \(batch) images"],
      [
        "generated share",
        FixedPoint.text(100 * report.generatedShare, digits: 1) + " % of a mixed batch",
      ],
    ]
    var rows = [["trained on", "accuracy %", "less real alone", ""]]
    for measurement in report.measurements {
      let difference =
        measurement.mix == .real ? nil : report.difference(measurement.mix, less: .real)
      rows.append(
        [
          measurement.mix.title, spread(measurement.accuracy, measurement.standardDeviation),
        ] + (difference.map(cells) ?? []))
    }
    if let difference = report.difference(.realAndBoth, less: .realAndTransforms) {
      rows.append(["real + both less real + transforms", ""] + cells(difference))
    }
    var recalls = [["recall %"] + report.measurements.map(\.mix.title)]
    for (label, name) in report.classes.enumerated() {
      recalls.append(
        [name]
          + report.measurements.map { measurement in
            measurement.recall(label).map { spread($0.mean, $0.standardDeviation) } ?? "no image"
          })
    }
    let amounts =
      report.amounts.isEmpty
      ? []
      : [
        [["generated images a class", "accuracy %"]]
          + report.amounts.map {
            [
              "\($0.perClass)",
              spread(
                MeanEstimate(of: $0.accuracies).value,
                MeanEstimate.standardDeviation(of: $0.accuracies)),
            ]
          }
      ]
    return ([head, rows, recalls] + amounts).map(Table.text).joined(separator: "\n\n")
  }

  static func entries(_ report: AugmentationReport) -> [(name: String, value: JSON)] {
    [
      ("classes", .list(report.classes.map(JSON.text))),
      ("real_images", .list(report.realCounts.map(JSON.integer))),
      ("generated_images", .list(report.generatedCounts.map(JSON.integer))),
      ("test_images", .integer(report.testCount)),
      ("generated_share", .number(report.generatedShare)),
      (
        "trained_on",
        .object(
          TrainingMix.allCases.map { mix in
            (mix.rawValue, report[mix].map { json($0, report) } ?? .null)
          })
      ),
      (
        "amounts",
        .list(
          report.amounts.map {
            .object([
              ("per_class", .integer($0.perClass)),
              ("accuracy", .number(MeanEstimate(of: $0.accuracies).value)),
              ("accuracies", .list($0.accuracies.map(JSON.number))),
            ])
          })
      ),
      (
        "differences",
        .list(comparisons.compactMap { json($0.mix, less: $0.baseline, report) })
      ),
    ]
  }

  private static func json(
    _ measurement: AugmentationReport.Measurement, _ report: AugmentationReport
  ) -> JSON {
    let recalls = report.classes.enumerated().map { label, name in
      let recall = measurement.recall(label)
      return (
        name: name,
        value: JSON.object([
          ("mean", recall.map { .number($0.mean) } ?? .null),
          ("standard_deviation", recall?.standardDeviation.map(JSON.number) ?? .null),
        ])
      )
    }
    return .object([
      ("accuracy", .number(measurement.accuracy)),
      ("standard_deviation", measurement.standardDeviation.map(JSON.number) ?? .null),
      ("accuracies", .list(measurement.accuracies.map(JSON.number))),
      ("recall", .object(recalls)),
    ])
  }

  private static func json(
    _ mix: TrainingMix, less baseline: TrainingMix, _ report: AugmentationReport
  ) -> JSON? {
    report.difference(mix, less: baseline).map { difference in
      .object([
        ("trained_on", .text(mix.rawValue)), ("less", .text(baseline.rawValue)),
        ("mean", .number(difference.estimate.value)),
        ("standard_error", difference.estimate.standardError.map(JSON.number) ?? .null),
        ("spread", difference.isBeyondSpread.map { .text($0 ? "beyond" : "within") } ?? .null),
      ])
    }
  }

  private static func cells(_ difference: PairedDifference) -> [String] {
    let sign = difference.estimate.value > 0 ? "+" : ""
    let word =
      difference.isBeyondSpread.map { $0 ? "beyond the spread" : "within the spread" }
      ?? "one seed has no spread"
    return [
      sign + spread(difference.estimate.value, difference.estimate.standardError), word,
    ]
  }

  /// Such as `100 (10 classes of 10)` or `65 (2 classes of 15 to 50)`.
  private static func counts(_ counts: [Int]) -> String {
    let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
    return "\(counts.reduce(0, +)) (\(counts.count) classes of "
      + (least == most ? "\(least))" : "\(least) to \(most))")
  }

  private static func spread(_ value: Double, _ spread: Double?) -> String {
    FixedPoint.text(100 * value, digits: 2)
      + (spread.map { " +- " + FixedPoint.text(100 * $0, digits: 2) } ?? "")
  }
}
