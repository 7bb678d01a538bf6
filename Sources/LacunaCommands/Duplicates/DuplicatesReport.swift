import Files
import Tasks

/// What `lacuna duplicates` says.
enum DuplicatesReport {
  /// Groups of several labels that are named one by one.
  private static let mostWarnings = 10

  static func warnings(_ report: DuplicateReport) -> [String] {
    let conflicts = report.conflicts
    var warnings = conflicts.prefix(mostWarnings).map { number in
      let group = report.groups[number - 1]
      let examples = DuplicateReport.labels(group).compactMap { label in
        group.first { $0.label?.isExactly(label) ?? false }.map { "\($0.file) (\(label))" }
      }
      return "group \(number): labels differ: \(examples.joined(separator: ", "))"
    }
    if conflicts.count > mostWarnings {
      warnings.append("labels differ in \(conflicts.count - mostWarnings) more groups")
    }
    return warnings
  }

  static func text(_ report: DuplicateReport, _ output: String?) -> String {
    var rows = [
      ["images", "\(report.images)"], ["groups of duplicates", "\(report.groups.count)"],
      ["images beyond the first", "\(report.surplus)"],
      ["groups of several labels", "\(report.conflicts.count)"],
    ]
    if report.skipped > 0 { rows.append(["skipped", "\(report.skipped)"]) }
    if let output { rows.append(["written to", output]) }
    let summary = Table.text(rows)
    guard output == nil, !report.groups.isEmpty else { return summary }
    let listed = report.rows.map { row in
      row.enumerated().map { $0.offset == 3 ? rounded($0.element) : $0.element }
    }
    return Table.text([DuplicateReport.header.map { $0.uppercased() }] + listed) + "\n\n" + summary
  }

  private static func rounded(_ number: String) -> String {
    FixedPoint.text(Double(number) ?? 0, digits: 4)
  }

  static func json(_ report: DuplicateReport, _ output: String?) -> JSON {
    let groups = report.groups.map { group in
      JSON.list(
        group.map { member in
          .object([
            ("file", .text(member.file)), ("label", member.label.map(JSON.text) ?? .null),
            ("distance", .number(member.distance)), ("kind", .text(member.kind.rawValue)),
          ])
        })
    }
    return .object([
      ("images", .integer(report.images)), ("groups", .list(groups)),
      ("surplus", .integer(report.surplus)),
      ("label_conflicts", .list(report.conflicts.map(JSON.integer))),
      ("near", .boolean(report.includesNear)), ("skipped", .integer(report.skipped)),
      ("output", output.map(JSON.text) ?? .null),
    ])
  }
}
