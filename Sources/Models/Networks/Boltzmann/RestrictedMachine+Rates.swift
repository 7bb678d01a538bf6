import Tensors

extension RestrictedMachine {
  /// How often each unit is 1 in some rows, as log-odds, towards one half by one row each way; float32 `[visible]`.
  static func logOdds(_ units: Tensor) -> Tensor {
    logOdds(rates: (units.sum(axis: 0) + 1) / Float(units.shape[0] + 2))
  }

  private static func logOdds(rates: Tensor) -> Tensor { rates.log() - (1 - rates).log() }

  /// The log-odds of each unit given what is held, from the later three quarters of short chains.
  ///
  /// - Parameter base: log-odds that the chains begin with, float32 `[visible]`.
  func settledLogOdds(
    _ held: [HeldUnits], base: Tensor, chains: Int, sweeps: Int
  ) -> [Tensor] {
    let items = held.indices.flatMap { hole in (0..<chains).map { (hole: hole, chain: $0) } }
    let sums = Tiles.rows(of: items) { tile in
      let rows = tile.padded
      let clamp = Clamp(rows.map { held[$0.hole] })
      let random = rows.map { held[$0.hole].random(seed: 2).derived($0.chain) }
      let start = base.reshaped(to: [1, visibleCount]).broadcast(to: [rows.count, visibleCount])
      var units = drawVisible(start, held: clamp, random, from: 0)
      var sum = Tensor(repeating: 0, shape: units.shape)
      for round in 1...sweeps {
        units = swept(
          inputs: hiddenInputs(units), scale: 1, bias: visibleBias, held: clamp, random,
          round: round)
        if round > sweeps / 4 { sum = sum + units }
      }
      return sum
    }
    let count = Float(chains * (sweeps - sweeps / 4))
    return held.indices.map { hole in
      let total = sums.sliced(hole * chains..<(hole + 1) * chains, axis: 0).sum(axis: 0)
      // Units that no chain has changed may still change: a rate of a fiftieth at least.
      return Self.logOdds(rates: (total / count) * 0.96 + 0.02)
    }
  }
}
