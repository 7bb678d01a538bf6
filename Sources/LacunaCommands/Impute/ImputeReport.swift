import Images
import Tasks

/// What `lacuna impute` says at its end.
enum ImputeReport {
  static func text(_ summary: Imputer.Summary, _ directory: OutputDirectory) -> String {
    var rows = [
      ["images", "\(summary.images)"],
      [
        "completions",
        "\(summary.completions) (\(summary.exact) exact, "
          + "\(summary.completions - summary.exact) approximate)",
      ],
    ]
    if summary.whole > 0 { rows.append(["without a hole", "\(summary.whole), copied"]) }
    if summary.resumed > 0 { rows.append(["done before", "\(summary.resumed) images"]) }
    if summary.skipped > 0 { rows.append(["skipped", "\(summary.skipped)"]) }
    rows.append(["written to", directory.path])
    return Table.text(rows)
  }

  static func json(_ summary: Imputer.Summary, _ directory: OutputDirectory) -> JSON {
    .object([
      ("output", .text(directory.path)), ("images", .integer(summary.images)),
      ("completions", .integer(summary.completions)), ("exact", .integer(summary.exact)),
      ("without_hole", .integer(summary.whole)), ("resumed", .integer(summary.resumed)),
      ("skipped", .integer(summary.skipped)),
    ])
  }
}
