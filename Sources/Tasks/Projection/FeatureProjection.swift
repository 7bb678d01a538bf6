import Tensors
package import Training

/// A map of rows of features: a place in the plane for each, near rows near each other.
///
/// At most ``mostLaidOut`` rows, drawn by the seed where there are more, are laid out by ``NeighbourLayout``; every other is placed
/// among the nearest of these. Time is the square of the one number and the product of both; memory that of the laid out rows.
package struct FeatureProjection {
  /// Rows that are laid out.
  package static let mostLaidOut = 3000
  /// Neighbours that a row counts as near, about.
  static let perplexity = 30.0
  /// Laid out rows among which another one is placed.
  static let placedAmong = 5

  private let store: FeatureStore
  private let context: Context

  /// The place of each row of a store.
  ///
  /// - Throws: `Interrupted`, and `FileError` where the store cannot be read.
  package static func places(
    _ store: FeatureStore, seed: UInt64, _ context: Context
  ) throws -> [SIMD2<Float>] {
    try FeatureProjection(store: store, context: context).places(seed: seed)
  }

  private func places(seed: UInt64) throws -> [SIMD2<Float>] {
    let chosen = Self.chosen(store.count, seed)
    let rows = chosen.flatMap { store.rows($0..<$0 + 1).values }
    try store.check()
    let width = store.width
    let finder = NearestRows(keys: Array(chosen.indices), width: width) { range in
      Tensor(
        Array(rows[range.lowerBound * width..<range.upperBound * width]),
        shape: [range.count, width])
    }
    let laidOut = try layout(rows, finder)
    guard chosen.count < store.count else { return laidOut }
    var places: [SIMD2<Float>] = []
    for start in stride(from: 0, to: store.count, by: NearestRows.blockSize) {
      try stopIfAsked()
      let block = store.rows(start..<min(store.count, start + NearestRows.blockSize))
      places += finder.nearest(Self.placedAmong, to: block).map { Self.among($0, laidOut) }
    }
    try store.check()
    return places
  }

  private func layout(_ rows: [Float], _ finder: NearestRows) throws -> [SIMD2<Float>] {
    let count = rows.count / store.width
    let perplexity = min(Self.perplexity, max(1, Double(count - 1) / 3))
    let wanted = Int(perplexity) * NeighbourAffinities.neighboursPerPerplexity
    var neighbours: [[NearestRows.Match]] = []
    for start in stride(from: 0, to: count, by: NearestRows.blockSize) {
      try stopIfAsked()
      let block = start..<min(count, start + NearestRows.blockSize)
      let values = rows[block.lowerBound * store.width..<block.upperBound * store.width]
      neighbours += finder.nearest(
        wanted, to: Tensor(Array(values), shape: [block.count, store.width]),
        excluding: Array(block))
    }
    let places = NeighbourLayout.places(
      NeighbourAffinities(neighbours, perplexity: perplexity),
      from: PrincipalPlane.places(rows, width: store.width),
      isStopped: { context.isStopRequested })
    try stopIfAsked()
    return places
  }

  private func stopIfAsked() throws {
    try context.stopIfAsked("interrupted while the map was drawn; --resume goes on")
  }

  /// The rows that are laid out, in order.
  private static func chosen(_ count: Int, _ seed: UInt64) -> [Int] {
    guard count > mostLaidOut else { return Array(0..<count) }
    let random = RandomSource(seed: seed, purpose: .labelChoice)
    return random.permutation(count).prefix(mostLaidOut).sorted()
  }

  /// The mean of the matches' places, near ones counting more; that of an equal row where there is one.
  private static func among(
    _ matches: [NearestRows.Match], _ places: [SIMD2<Float>]
  ) -> SIMD2<Float> {
    if let first = matches.first, first.distance == 0 { return places[first.place] }
    var (sum, weights) = (SIMD2<Double>.zero, 0.0)
    for match in matches {
      let weight = 1 / (match.distance * match.distance)
      let place = places[match.place]
      sum += weight * SIMD2(Double(place.x), Double(place.y))
      weights += weight
    }
    return SIMD2(Float(sum.x / weights), Float(sum.y / weights))
  }
}
