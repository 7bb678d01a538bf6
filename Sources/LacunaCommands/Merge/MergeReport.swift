import Files
import Tasks

/// What `lacuna merge` says at its end.
enum MergeReport {
  static func text(
    _ set: ShardSet, _ output: String, _ counts: [(name: String, value: Int)]
  ) -> String {
    Table.text(
      [["parts", "\(set.parts.count) of \(set.record.task.rawValue)"]]
        + counts.map { [$0.name, "\($0.value)"] } + [["written to", output]])
  }

  static func json(
    _ set: ShardSet, _ output: String, _ counts: [(name: String, value: Int)]
  ) -> JSON {
    .object(
      [
        ("output", .text(output)), ("parts", .integer(set.parts.count)),
        ("command", .text(set.record.task.rawValue)),
      ] + counts.map { ($0.name, .integer($0.value)) })
  }
}
