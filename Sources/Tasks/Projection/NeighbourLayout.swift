import Tensors

/// Places in the plane such that rows that are near each other stay near: t-SNE (van der Maaten and Hinton 2008,
/// Visualizing Data using t-SNE, section 3), by the exact gradient.
///
/// Pairs of places have q(i, j) ∝ 1 / (1 + |y - y'|²); what is descended is the divergence Σ p log(p / q). Momentum, gains and
/// early exaggeration as there, section 3.4 and figure 1; the start is the principal plane, and the rate the number of rows over the exaggeration
/// (Kobak and Berens 2019, The art of using t-SNE for single-cell transcriptomics). Departures: fewer steps.
///
/// A row's forces are summed by one thread in one order: the same places for any number of threads.
struct NeighbourLayout {
  private static let steps = 500
  private static let exaggeratedSteps = 150
  private static let exaggeration: Float = 12
  /// Rows whose forces a thread sums at a time.
  private static let share = 64
  /// Pairs computed side by side.
  private typealias Lanes = SIMD8<Float>

  private let affinities: NeighbourAffinities
  private let count: Int
  /// Padded to whole lanes by places so far away that they weigh nothing.
  private var across: [Float]
  private var down: [Float]

  /// Lays out rows.
  ///
  /// - Parameters:
  ///   - start: the place of each row to begin with.
  ///   - isStopped: asked now and then whether to end early.
  static func places(
    _ affinities: NeighbourAffinities, from start: [SIMD2<Double>], isStopped: () -> Bool
  ) -> [SIMD2<Float>] {
    var layout = NeighbourLayout(affinities, start)
    layout.descend(isStopped)
    return (0..<layout.count).map { SIMD2(layout.across[$0], layout.down[$0]) }
  }

  private init(_ affinities: NeighbourAffinities, _ start: [SIMD2<Double>]) {
    self.affinities = affinities
    count = start.count
    let spread = (start.reduce(0) { $0 + $1.x * $1.x } / Double(max(1, count))).squareRoot()
    // Small, so that neighbours can find each other before clusters are apart.
    let scale = spread > 0 ? 1e-2 / spread : 0
    let padding = [Float](repeating: 1e15, count: (8 - count % 8) % 8)
    across = start.map { Float($0.x * scale) } + padding
    down = start.map { Float($0.y * scale) } + padding
  }

  private mutating func descend(_ isStopped: () -> Bool) {
    let rate = max(Float(count) / Self.exaggeration, 50)
    var speeds = [SIMD2<Float>](repeating: .zero, count: count)
    var gains = [SIMD2<Float>](repeating: .one, count: count)
    for step in 0..<Self.steps where !isStopped() {
      let isEarly = step < Self.exaggeratedSteps
      let slopes = slopes(exaggeration: isEarly ? Self.exaggeration : 1)
      for row in 0..<count {
        for axis in 0..<2 {
          let isTurning = (slopes[row][axis] > 0) == (speeds[row][axis] > 0)
          gains[row][axis] = max(0.01, isTurning ? gains[row][axis] * 0.8 : gains[row][axis] + 0.2)
        }
        speeds[row] = (isEarly ? 0.5 : 0.8) * speeds[row] - rate * gains[row] * slopes[row]
        across[row] += speeds[row].x
        down[row] += speeds[row].y
      }
      centre()
    }
  }

  /// The divergence's gradient, 4 Σ (p - q) (y - y') / (1 + |y - y'|²).
  private func slopes(exaggeration: Float) -> [SIMD2<Float>] {
    let shares = (count + Self.share - 1) / Self.share
    let forces = ThreadPool.map(shares) { share in
      (share * Self.share..<min(count, (share + 1) * Self.share)).map { row in
        (attraction(row), repulsion(row))
      }
    }.flatMap { $0 }
    let total = Float(forces.reduce(0.0) { $0 + Double($1.1.sum) })
    return forces.map { attraction, repulsion in
      4 * (exaggeration * attraction - repulsion.force / max(total, 1e-12))
    }
  }

  private func attraction(_ row: Int) -> SIMD2<Float> {
    var force = SIMD2<Float>.zero
    for (place, probability) in affinities.rows[row] {
      let difference = SIMD2(across[row] - across[place], down[row] - down[place])
      let square = (difference * difference).sum()
      force += Float(probability) / (1 + square) * difference
    }
    return force
  }

  /// Σ 1 / (1 + |y - y'|²) over all other rows, and Σ (y - y') / (1 + |y - y'|²)².
  private func repulsion(_ row: Int) -> (sum: Float, force: SIMD2<Float>) {
    let (x, y) = (Lanes(repeating: across[row]), Lanes(repeating: down[row]))
    var (sum, forceAcross, forceDown) = (Lanes.zero, Lanes.zero, Lanes.zero)
    across.withUnsafeBytes { across in
      down.withUnsafeBytes { down in
        for start in stride(from: 0, to: across.count, by: MemoryLayout<Lanes>.size) {
          let differenceAcross = x - across.loadUnaligned(fromByteOffset: start, as: Lanes.self)
          let differenceDown = y - down.loadUnaligned(fromByteOffset: start, as: Lanes.self)
          let square = differenceAcross * differenceAcross + differenceDown * differenceDown
          let weight = Lanes.one / (Lanes.one + square)
          sum += weight
          forceAcross += weight * weight * differenceAcross
          forceDown += weight * weight * differenceDown
        }
      }
    }
    // Less the row's own, which is 1.
    return (sum.sum() - 1, SIMD2(forceAcross.sum(), forceDown.sum()))
  }

  private mutating func centre() {
    var mean = SIMD2<Double>.zero
    for row in 0..<count { mean += SIMD2(Double(across[row]), Double(down[row])) }
    mean /= Double(count)
    for row in 0..<count {
      across[row] -= Float(mean.x)
      down[row] -= Float(mean.y)
    }
  }
}
