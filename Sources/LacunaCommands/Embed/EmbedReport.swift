import Files
import Tasks

/// What `lacuna embed` says at its end.
enum EmbedReport {
  static func text(
    _ summary: Embedder.Summary, _ output: EmbeddingOutput, _ map: String?
  ) -> String {
    var rows = [["images", "\(summary.images)"], ["features", "\(summary.features)"]]
    if summary.resumed > 0 { rows.append(["done before", "\(summary.resumed) images"]) }
    if summary.skipped > 0 { rows.append(["skipped", "\(summary.skipped)"]) }
    rows.append(["written to", output.path])
    if let texts = output.textsPath { rows.append(["names and labels", texts]) }
    if let map { rows.append(["map", map]) }
    return Table.text(rows)
  }

  static func json(
    _ summary: Embedder.Summary, _ output: EmbeddingOutput, _ map: String?
  ) -> JSON {
    .object([
      ("output", .text(output.path)), ("names", output.textsPath.map(JSON.text) ?? .null),
      ("images", .integer(summary.images)), ("features", .integer(summary.features)),
      ("resumed", .integer(summary.resumed)), ("skipped", .integer(summary.skipped)),
      ("map", map.map(JSON.text) ?? .null), ("complete", .boolean(true)),
    ])
  }
}
