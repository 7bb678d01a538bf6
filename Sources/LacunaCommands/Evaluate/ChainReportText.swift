import Files
import Tasks

/// What `lacuna evaluate chains` says at its end.
enum ChainReportText {
  /// Lags that the table names.
  private static let lags = [1, 10, 100, 1000]

  static func text(_ report: ChainReport) -> String {
    let (time, isResolved) = report.integratedTime
    let shown = lags.filter { $0 < report.autocorrelation.count }
    var rows = [
      [
        "chains",
        "\(report.chains), of \(report.sweeps) sweeps after \(report.burnIn) that are left out",
      ],
      ["sweeps a second", number(report.sweepsPerSecond, 0) + " of one chain"],
      [
        "autocorrelation",
        shown.map { "\(number(report.autocorrelation[$0], 3)) after \($0)" }
          .joined(separator: ", "),
      ],
      [
        "integrated time",
        (isResolved ? "" : "more than ") + number(time, 1) + " sweeps are worth one draw",
      ],
      ["effective draws", (isResolved ? "" : "fewer than ") + number(report.effectiveDraws, 0)],
      [
        "effective draws a second",
        (isResolved ? "" : "fewer than ") + number(report.effectiveDrawsPerSecond, 2),
      ],
    ]
    guard let visits = report.visits else { return Table.text(rows) }
    rows += [
      ["classes found", "\(visits.found) of \(visits.names.count)"],
      ["classes of a chain", spread(visits.classesOfChain, 2)],
      [
        "changes of class",
        spread(
          MeanEstimate(
            value: 100 * visits.changes.value,
            standardError: visits.changes.standardError.map { 100 * $0 }), 2)
          + " in 100 sweeps",
      ],
    ]
    let classes =
      [["CLASS AS SEEN", "STATES %"]]
      + zip(visits.names, visits.shares).map { [$0, number(100 * $1, 1)] }
    return Table.text(rows) + "\n\n" + Table.text(classes)
  }

  static func entries(_ report: ChainReport) -> [(name: String, value: JSON)] {
    [
      ("chains", .integer(report.chains)), ("sweeps", .integer(report.sweeps)),
      ("burn_in", .integer(report.burnIn)),
      ("autocorrelation", .list(report.autocorrelation.map(JSON.number))),
      ("integrated_time", .number(report.integratedTime.value)),
      ("integrated_time_is_resolved", .boolean(report.integratedTime.isResolved)),
      ("effective_draws", .number(report.effectiveDraws)),
      ("seconds", .number(report.seconds)), ("sweeps_per_second", .number(report.sweepsPerSecond)),
      ("effective_draws_per_second", .number(report.effectiveDrawsPerSecond)),
      ("classes", report.visits.map(json) ?? .null),
    ]
  }

  private static func json(_ visits: ClassVisits) -> JSON {
    .object([
      ("names", .list(visits.names.map(JSON.text))),
      ("shares", .list(visits.shares.map(JSON.number))), ("found", .integer(visits.found)),
      ("of_a_chain", .number(visits.classesOfChain.value)),
      ("of_a_chain_standard_error", visits.classesOfChain.standardError.map(JSON.number) ?? .null),
      ("changes_per_sweep", .number(visits.changes.value)),
      ("changes_per_sweep_standard_error", visits.changes.standardError.map(JSON.number) ?? .null),
    ])
  }

  private static func number(_ value: Double, _ digits: Int) -> String {
    FixedPoint.text(value, digits: digits)
  }

  private static func spread(_ mean: MeanEstimate, _ digits: Int) -> String {
    number(mean.value, digits) + (mean.standardError.map { " +- " + number($0, digits) } ?? "")
  }
}
