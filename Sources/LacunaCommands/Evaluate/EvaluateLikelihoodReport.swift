import Files
import Models
import Tasks

/// What `lacuna evaluate likelihood` says.
enum EvaluateLikelihoodReport {
  static func text(_ report: LikelihoodEvaluator.Report) -> String {
    let error = report.standardError.map { " +- \(FixedPoint.text($0, digits: 3))" } ?? ""
    var rows = [
      ["images", "\(report.count)"],
      ["nats an image", FixedPoint.text(report.nats, digits: 3) + error],
      ["bits per dimension", FixedPoint.text(report.bitsPerDimension, digits: 4)],
      ["kind", report.kind.description + (report.conditionedCount > 0 ? ", given the class" : "")],
    ]
    if let bound = report.lowerBound {
      let error = bound.standardError.map { " +- \(FixedPoint.text($0, digits: 3))" } ?? ""
      rows.append(["lower bound, nats", FixedPoint.text(bound.nats, digits: 3) + error])
    }
    if let annealing = report.annealing {
      rows.append(
        [
          "annealing, standard error", FixedPoint.text(annealing.standardError, digits: 3),
        ])
      if let reverse = annealing.reverse {
        rows.append(
          [
            "by reverse annealing, nats",
            FixedPoint.text(reverse.nats, digits: 3) + " +- "
              + FixedPoint.text(reverse.standardError, digits: 3),
          ])
      }
    }
    return Table.text(rows)
  }

  static func json(_ report: LikelihoodEvaluator.Report) -> JSON {
    var entries: [(String, JSON)] = [
      ("images", .integer(report.count)), ("nats", .number(report.nats)),
      ("standard_error", report.standardError.map(JSON.number) ?? .null),
      ("bits_per_dimension", .number(report.bitsPerDimension)),
      ("kind", .text(report.kind.description)),
      ("images_with_class", .integer(report.conditionedCount)),
    ]
    if let bound = report.lowerBound {
      entries.append(("lower_bound_nats", .number(bound.nats)))
      entries.append(
        ("lower_bound_standard_error", bound.standardError.map(JSON.number) ?? .null))
    }
    if let annealing = report.annealing {
      entries.append(("annealing_standard_error", .number(annealing.standardError)))
      if let reverse = annealing.reverse {
        entries.append(("reverse_nats", .number(reverse.nats)))
        entries.append(("reverse_standard_error", .number(reverse.standardError)))
      }
    }
    return .object(entries)
  }
}
