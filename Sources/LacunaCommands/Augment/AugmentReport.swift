import Files
import Tasks

/// What `lacuna augment` says at its end.
enum AugmentReport {
  static func text(_ summary: AugmentationSummary, _ directory: OutputDirectory) -> String {
    let ways: [(title: String, count: KeyPath<AugmentationSummary.Class, Int>)] = [
      ("TRANSFORMED", \.transformed), ("PSEUDO-LABELLED", \.pseudoLabelled),
    ].filter { way in summary.classes.contains { $0[keyPath: way.1] > 0 } }
    let encodes = summary.classes.contains { $0.medianEncoderDistance != nil }
    let header =
      ["CLASS", "ORIGINALS"] + ways.map(\.title) + ["NEW", "DRAWN", "REJECTED", "MEDIAN DISTANCE"]
      + (encodes ? ["BY ENCODER"] : [])
    let classes = summary.classes.map { group in
      [
        group.name ?? "(none)", "\(group.originals)",
      ] + ways.map { "\(group[keyPath: $0.count])" } + [
        "\(group.images)", "\(group.images + group.rejected)", "\(group.rejected)",
        distance(group.medianDistance),
      ] + (encodes ? [distance(group.medianEncoderDistance)] : [])
    }
    var rows: [[String]] = []
    if summary.resumed > 0 { rows.append(["done before", "\(summary.resumed) images"]) }
    if summary.originals > 0 { rows.append(["originals placed", "\(summary.originals)"]) }
    rows.append(["written to", directory.path])
    return Table.text([header] + classes) + "\n\n" + Table.text(rows)
  }

  private static func distance(_ value: Double?) -> String {
    value.map { FixedPoint.text($0, digits: 4) } ?? ""
  }

  static func json(_ summary: AugmentationSummary, _ directory: OutputDirectory) -> JSON {
    .object([
      ("output", .text(directory.path)), ("images", .integer(summary.images)),
      ("drawn", .integer(summary.images + summary.rejected)),
      ("rejected", .integer(summary.rejected)), ("resumed", .integer(summary.resumed)),
      ("originals", .integer(summary.originals)),
      ("score_kind", summary.scoreKind.map { .text("\($0)") } ?? .null),
      ("classes", summary.json),
    ])
  }
}
