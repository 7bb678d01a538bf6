import Files
import Tasks

/// What `lacuna impute --dry-run` lists.
enum DryRunReport {
  static func text(_ check: ImputationCheck) -> String {
    Table.text(
      [["MISSING", "IMAGE", "MASK"]]
        + check.entries.map { entry in
          let percent = FixedPoint.text(100 * entry.missingShare, digits: 1)
          return ["\(percent)%", entry.image, entry.mask ?? ""]
        })
  }

  static func json(_ check: ImputationCheck) -> JSON {
    .list(
      check.entries.map { entry in
        .object([
          ("image", .text(entry.image)), ("mask", entry.mask.map(JSON.text) ?? .null),
          ("missing_share", .number(entry.missingShare)),
        ])
      })
  }
}
