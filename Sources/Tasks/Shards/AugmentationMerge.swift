import Files

/// What the lines and the record of `augment` say together, from those of its shards.
struct AugmentationMerge {
  /// Numbers of a class that are sums over shards; the others are the same in each, or medians.
  private static let sums = ["images", "drawn", "rejected", "transformed", "pseudo_labelled"]
  private static let medians: [(name: String, value: @Sendable (AugmentationRow) -> Double?)] = [
    ("median_distance", { $0.distance }), ("median_encoder_distance", { $0.encoderDistance }),
  ]

  let parts: DirectoryParts<AugmentationRow>
  /// The lines: those of a class and a way stand together, in byte order of their files.
  let rows: [AugmentationRow]

  init(_ parts: DirectoryParts<AugmentationRow>) {
    self.parts = parts
    // Blocks are by number, and so is the order of names of six digits, but not of seven.
    let all = parts.rows
    var sorted: [AugmentationRow] = []
    var start = 0
    for place in all.indices
    where place + 1 == all.count || !Self.isAlike(all[place], all[place + 1]) {
      sorted += all[start...place].sorted { precedesInBytes($0.file, $1.file) }
      start = place + 1
    }
    rows = sorted
  }

  private static func isAlike(_ row: AugmentationRow, _ other: AugmentationRow) -> Bool {
    row.origin == other.origin && row.label.isExactly(other.label)
  }

  /// What the record says besides counts.
  var facts: [(name: String, value: JSON)] {
    get throws {
      let records = parts.all.map(\.record)
      let classes = try records.map { record in
        guard let classes = record["classes"]?.asList else { throw parts.all[0].part.damaged() }
        return classes
      }
      guard classes.allSatisfy({ $0.count == classes[0].count }) else {
        throw parts.all[0].part.damaged()
      }
      let merged = classes[0].indices.map { place in merge(classes.map { $0[place] }) }
      return [
        ("score_kind", records[0]["score_kind"] ?? .null), ("classes", .list(merged)),
      ]
    }
  }

  /// What the shards say of one class, together.
  private func merge(_ shards: [JSON]) -> JSON {
    let name = shards[0]["class"]?.asText ?? ""
    let drawn = rows.filter {
      $0.label.isExactly(name) && [.drawn, .redrawn].contains($0.origin)
    }
    return .object(
      (shards[0].asEntries ?? []).map { entry in
        if Self.sums.contains(entry.name) {
          let values = shards.compactMap { $0[entry.name]?.asInteger }
          return (entry.name, .integer(values.reduce(0, +)))
        }
        if let median = Self.medians.first(where: { $0.name == entry.name }) {
          let value = AugmentationSummary.median(drawn.compactMap(median.value))
          return (entry.name, value.map(JSON.number) ?? .null)
        }
        return entry
      })
  }
}
