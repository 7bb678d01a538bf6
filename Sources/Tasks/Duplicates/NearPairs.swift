import Training

/// Finds pairs of rows that are much nearer to each other than rows around them commonly are.
///
/// A pair is near where its distance is at most a share of the distance of either row to its tenth nearest one, so that a crowd of
/// images that are alike by nature, such as handwritten ones, holds none (after the ratio test of Lowe 2004, Distinctive Image
/// Features from Scale-Invariant Keypoints, section 7.1). More than ten copies of one picture are each other's surroundings.
struct NearPairs {
  /// Which of the nearest rows tells how far rows are from each other around one.
  static let surroundings = 10

  /// Two rows and their distance.
  struct Pair {
    let first: Int
    let second: Int
    let distance: Double
  }

  /// The pairs among all rows of a store.
  ///
  /// - Throws: `Interrupted`, and `FileError` where the store cannot be read.
  static func all(in store: FeatureStore, share: Double, _ context: Context) throws -> [Pair] {
    let finder = store.finder()
    var limits: [Double] = []
    var pairs: [Pair] = []
    for start in stride(from: 0, to: store.count, by: NearestRows.blockSize) {
      try context.stopIfAsked("interrupted; nothing was written")
      let block = start..<min(store.count, start + NearestRows.blockSize)
      let nearest = finder.nearest(
        surroundings, to: store.rows(block), excluding: Array(block))
      try store.check()
      for (row, matches) in zip(block, nearest) {
        let limit = share * (matches.last?.distance ?? 0)
        limits.append(limit)
        pairs += matches.filter { $0.distance <= limit }.map {
          Pair(first: row, second: $0.place, distance: $0.distance)
        }
      }
    }
    return pairs.filter { $0.distance <= limits[$0.second] }
  }
}
