import Files
import Tensors
import Training

/// Columns of a table of embeddings that depend on all its rows: the nearest others, and the place on a map.
///
/// `projection_x,projection_y,neighbor_1,distance_1,neighbor_2,...`; where there are fewer others than asked for, the last
/// fields are empty.
struct RelatedColumns {
  let rows: RelatedRows
  /// The place of each row; nil where places are not written.
  let places: [SIMD2<Float>]?
  /// How many of the nearest others are named.
  let neighbours: Int
  let context: Context

  private var head: [String] {
    (places == nil ? [] : ["projection_x", "projection_y"])
      + (0..<neighbours).flatMap { ["neighbor_\($0 + 1)", "distance_\($0 + 1)"] }
  }

  /// Writes a table again, with these columns behind the others.
  ///
  /// - Throws: `Interrupted` where a stop was asked for; nothing is written then.
  func write(_ source: String, into target: String) throws {
    let file = try AtomicFile(path: target)
    let finder = neighbours > 0 ? rows.store.finder() : nil
    var block: [[String]] = [head]
    var (next, start) = (0, 0)
    try LineExtension.copy(source, into: file) {
      if next == block.count {
        try context.stopIfAsked("interrupted while neighbors were looked for; --resume goes on")
        let range = start..<min(rows.names.count, start + NearestRows.blockSize)
        block = fields(range, finder)
        try rows.store.check()
        (next, start) = (0, range.upperBound)
      }
      next += 1
      return block[next - 1]
    }
    try file.commit()
  }

  private func fields(_ range: Range<Int>, _ finder: NearestRows?) -> [[String]] {
    let nearest = finder?.nearest(
      neighbours, to: rows.store.rows(range), excluding: Array(range))
    return range.map { row in
      var fields = places.map { ["\($0[row].x)", "\($0[row].y)"] } ?? []
      let matches = nearest?[row - range.lowerBound] ?? []
      for match in matches { fields += [rows.names[match.place], "\(match.distance)"] }
      return fields + [String](repeating: "", count: 2 * (neighbours - matches.count))
    }
  }
}
