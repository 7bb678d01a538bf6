import Platform
import Tensors

/// Chains at inverse temperatures 1, 1 - 1/K, ..., 1/K, of which neighbours exchange their states by Metropolis' rule.
///
/// Parallel tempering (Desjardins and others 2010, Tempered Markov Chain Monte Carlo for Training of Restricted Boltzmann Machines). Hot
/// chains go from mode to mode, and hand cold ones what they find; what the chains at 1 stand for stays the machine's distribution.
struct TemperedChains {
  private let machine: RestrictedMachine
  /// Inverse temperatures.
  let levels: Int

  /// Chains of this machine.
  init(_ machine: RestrictedMachine, levels: Int) {
    self.machine = machine
    self.levels = levels
  }

  /// The inverse temperature of a level.
  private func beta(_ level: Int) -> Float { 1 - Float(level) / Float(levels) }

  /// The chains of each level after so many sweeps, each followed by exchanges between every second pair of levels.
  ///
  /// - Parameters:
  ///   - chains: float32 `[chains, visible]` for each level.
  ///   - first: the number of the first sweep, which decides the pairs.
  func swept(_ chains: [Tensor], sweeps: Int, first: Int, _ noise: RandomSource) -> [Tensor] {
    let count = chains[0].shape[0]
    let tiles = ThreadPool.map(Tiles.count(count)) { tile in
      let range = Tiles.range(tile, of: count)
      return swept(
        chains.map { $0.sliced(range, axis: 0) }, sweeps, first, range.map { noise.derived($0) })
    }
    return (0..<levels).map { level in .concatenated(tiles.map { $0[level] }, axis: 0) }
  }

  private func swept(
    _ units: [Tensor], _ sweeps: Int, _ first: Int, _ random: [RandomSource]
  ) -> [Tensor] {
    let all = Clamp(allFree: random.count, units: machine.visibleCount)
    // Hot machines are flat: the path begins where every unit is a fair coin.
    let path = RestrictedMachinePath(
      machine, base: Tensor(repeating: 0, shape: all.free.shape), held: all)
    var chains = units.map(path.chains)
    for sweep in 0..<sweeps {
      for level in chains.indices {
        chains[level] = path.moved(
          chains[level], at: beta(level), random.map { $0.derived(level) }, round: sweep)
      }
      for level in stride(from: (first + sweep) % 2, to: levels - 1, by: 2) {
        let (cold, hot) = (chains[level], chains[level + 1])
        let gains = zip(
          path.logRatios(hot, from: beta(level + 1), to: beta(level)),
          path.logRatios(cold, from: beta(level + 1), to: beta(level))
        ).map { $0 - $1 }
        let takes = zip(gains, random).map { gain, random in
          random.derived(levels + level).uniform(sweep) < Float(exponential(gain))
        }
        chains[level] = hot.replacing(cold, where: takes.map { !$0 })
        chains[level + 1] = cold.replacing(hot, where: takes.map { !$0 })
      }
    }
    return chains.map(\.units)
  }

  private func exponential(_ value: Double) -> Double { value >= 0 ? 1 : exp(value) }
}

extension RestrictedMachinePath.Chains {
  /// These chains, but others in some rows.
  fileprivate func replacing(
    _ others: RestrictedMachinePath.Chains, where takes: [Bool]
  ) -> RestrictedMachinePath.Chains {
    let mask = Tensor(takes.map { $0 ? 1 : 0 }, shape: [takes.count, 1])
    return RestrictedMachinePath.Chains(
      units: others.units * mask + units * (1 - mask),
      inputs: others.inputs * mask + inputs * (1 - mask))
  }
}
