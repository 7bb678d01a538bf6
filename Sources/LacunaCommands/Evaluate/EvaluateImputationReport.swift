import Files
import Tasks

/// What `lacuna evaluate imputation` says.
enum EvaluateImputationReport {
  static func text(_ reports: [ImputationReport]) -> String {
    let samples = reports.first?.samples ?? 1
    let header = [
      "HOLES", "IMAGES", "MISSING", "NATS AN IMAGE", "NATS A PIXEL", "PSNR dB", "SSIM",
      "BEST OF \(samples)", "COVERAGE", "90 %", "SCORE", "COMPLETIONS",
    ]
    let rows = reports.map { report in
      [
        report.hole, "\(report.imageCount)",
        FixedPoint.text(100 * report.missingShare, digits: 1) + "%", text(report.nats, 3),
        text(report.natsPerPixel, 4), text(report.peakSignalToNoise, 2),
        text(report.similarity, 3), text(report.bestSquaredError, 4),
        report.coverage.map { text($0, 3) } ?? "-",
        report.intervalCoverage.map { text($0, 3) } ?? "-",
        exactness(report.exactScoreCount, report.imageCount, report.scoreMethods),
        exactness(report.exactCompletionCount, report.imageCount, report.completionMethods),
      ]
    }
    guard let first = reports.first, samples > 1 else { return Table.text([header] + rows) }
    let expected = FixedPoint.text(first.expectedCoverage, digits: 3)
    return Table.text([header] + rows)
      + "\n\ncoverage expected of a model that is right: \(expected), and of its 90 % intervals 0.900"
  }

  static func json(
    _ reports: [ImputationReport], model: String, samples: Int, seed: UInt64
  ) -> JSON {
    .object([
      ("model", .text(model)), ("samples", .integer(samples)), ("seed", .unsigned(seed)),
      ("holes", .list(reports.map(json))),
    ])
  }

  private static func json(_ report: ImputationReport) -> JSON {
    var entries: [(name: String, value: JSON)] = [
      ("hole", .text(report.hole)), ("method", .text(report.method)),
      ("images", .integer(report.imageCount)),
      ("missing_share", .number(report.missingShare)),
    ]
    let means: [(String, MeanEstimate?)] = [
      ("nats", report.nats), ("nats_per_missing_pixel", report.natsPerPixel),
      ("squared_error", report.squaredError), ("psnr", report.peakSignalToNoise),
      ("ssim", report.similarity), ("best_squared_error", report.bestSquaredError),
      ("coverage", report.coverage), ("interval_coverage", report.intervalCoverage),
    ]
    for (name, mean) in means {
      entries.append((name, mean.map { .number($0.value) } ?? .null))
      entries.append(
        ("\(name)_standard_error", mean?.standardError.map(JSON.number) ?? .null))
    }
    return .object(
      entries + [
        ("expected_coverage", report.samples > 1 ? .number(report.expectedCoverage) : .null),
        ("exact_scores", .integer(report.exactScoreCount)),
        ("score_methods", .list(report.scoreMethods.map(JSON.text))),
        ("exact_completions", .integer(report.exactCompletionCount)),
        ("completion_methods", .list(report.completionMethods.map(JSON.text))),
      ])
  }

  private static func text(_ mean: MeanEstimate, _ digits: Int) -> String {
    let error = mean.standardError.map { " +- \(FixedPoint.text($0, digits: digits))" } ?? ""
    return FixedPoint.text(mean.value, digits: digits) + error
  }

  /// Such as `exact, closed-form` or `approximate (3 of 20 exact), ordered`.
  private static func exactness(_ exact: Int, _ count: Int, _ methods: [String]) -> String {
    let kind =
      exact == count
      ? "exact" : exact == 0 ? "approximate" : "approximate (\(exact) of \(count) exact)"
    return ([kind] + methods).joined(separator: ", ")
  }
}
