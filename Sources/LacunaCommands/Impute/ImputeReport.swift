import Files
import Tasks

/// What `lacuna impute` says at its end.
enum ImputeReport {
  static func text(_ summary: ImputationSummary, _ directory: OutputDirectory) -> String {
    var rows = [
      ["images", "\(summary.images)"],
      [
        "completions",
        "\(summary.completions) (\(summary.exact) exact, "
          + "\(summary.completions - summary.exact) approximate)",
      ],
    ]
    if !methods(summary).isEmpty {
      rows.append(
        ["methods", methods(summary).map { "\($0.name) \($0.count)" }.joined(separator: ", ")])
    }
    if let cost = summary.stepCost {
      let error = cost.standardError.map { " +- \(FixedPoint.text($0, digits: 3))" } ?? ""
      rows.append([
        "cost of --steps", "\(FixedPoint.text(cost.value, digits: 3))\(error) nats an image",
      ])
    }
    if summary.whole > 0 { rows.append(["without a hole", "\(summary.whole), copied"]) }
    if summary.resumed > 0 { rows.append(["done before", "\(summary.resumed) images"]) }
    if summary.renewed > 0 { rows.append(["done anew", "\(summary.renewed) images"]) }
    if summary.skipped > 0 { rows.append(["skipped", "\(summary.skipped)"]) }
    rows.append(["written to", directory.path])
    return Table.text(rows)
  }

  static func json(_ summary: ImputationSummary, _ directory: OutputDirectory) -> JSON {
    .object([
      ("output", .text(directory.path)), ("images", .integer(summary.images)),
      ("completions", .integer(summary.completions)), ("exact", .integer(summary.exact)),
      ("methods", .object(methods(summary).map { ($0.name, .integer($0.count)) })),
      ("steps_cost_nats", summary.stepCost.map { .number($0.value) } ?? .null),
      (
        "steps_cost_nats_standard_error",
        summary.stepCost?.standardError.map(JSON.number) ?? .null
      ),
      ("without_hole", .integer(summary.whole)), ("resumed", .integer(summary.resumed)),
      ("renewed", .integer(summary.renewed)),
      ("skipped", .integer(summary.skipped)),
    ])
  }

  /// How many completions each method has filled.
  private static func methods(_ summary: ImputationSummary) -> [(name: String, count: Int)] {
    summary.methods.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
