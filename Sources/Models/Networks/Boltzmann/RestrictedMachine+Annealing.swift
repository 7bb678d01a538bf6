import Platform
import Tensors

/// The path from a machine without weights, whose visible units have the rates of data, to a machine (Salakhutdinov and
/// Murray 2008, equations 15 to 18): log f_β(v) = ((1 - β) b₀ + β b)·v + Σ softplus(β (a + W v)).
///
/// What is held in a row stays so all along the path, and its part b·v, which is the same everywhere, is left out.
struct RestrictedMachinePath: AnnealingPath {
  /// Visible units, and what they pull hidden ones by.
  struct Chains {
    let units: Tensor
    let inputs: Tensor
  }

  private let machine: RestrictedMachine
  private let base: Tensor
  private let held: Clamp
  private let difference: Tensor

  /// A path for a tile.
  ///
  /// - Parameters:
  ///   - base: b₀, float32 `[rows, visible]`.
  ///   - held: a row for each chain.
  init(_ machine: RestrictedMachine, base: Tensor, held: Clamp) {
    self.machine = machine
    self.base = base
    self.held = held
    difference = (machine.visibleBias - base) * held.free
  }

  /// Chains that stand at these visible units.
  func chains(_ units: Tensor) -> Chains {
    let units = held.applied(to: units)
    return Chains(units: units, inputs: machine.hiddenInputs(units))
  }

  func start(_ random: [RandomSource]) -> Chains {
    chains(machine.drawVisible(base, held: held, random, from: 0))
  }

  func logRatios(_ chains: Chains, from: Float, to: Float) -> [Double] {
    let hidden = ((chains.inputs * to).softplus() - (chains.inputs * from).softplus()).sum(axis: 1)
    let visible = (chains.units * difference).sum(axis: 1) * (to - from)
    return (hidden + visible).values.map(Double.init)
  }

  func moved(
    _ chains: Chains, at beta: Float, _ random: [RandomSource], round: Int
  ) -> Chains {
    self.chains(
      machine.swept(
        inputs: chains.inputs, scale: beta, bias: base * (1 - beta) + machine.visibleBias * beta,
        held: held, random, round: round))
  }
}

extension RestrictedMachine {
  /// log Σ of exp(-E) over free and hidden units, given what is held, and its standard error.
  ///
  /// - Parameters:
  ///   - held: each gets chains of its own, whose numbers depend on it alone.
  ///   - base: b₀ of each, float32 `[visible]`: see `RestrictedMachinePath`.
  ///   - reverseFrom: draws of the machine given what is held, for each of them a row a chain: then annealed backwards.
  func annealedLogPartitions(
    _ held: [HeldUnits], base: [Tensor], chains: Int, steps: Int, reverseFrom draws: [Tensor]? = nil
  ) -> [AnnealedEstimate] {
    let forward = AnnealedImportanceSampling.schedule(steps)
    let schedule = draws == nil ? forward : forward.reversed()
    let sources = held.map { $0.random(seed: draws == nil ? 0 : 1) }
    let items = held.indices.flatMap { hole in (0..<chains).map { (hole: hole, chain: $0) } }
    let logWeights = Tiles.map(items) { tile in
      let rows = tile.padded
      let path = RestrictedMachinePath(
        self,
        base: Tensor.concatenated(
          rows.map { base[$0.hole].reshaped(to: [1, visibleCount]) }, axis: 0),
        held: Clamp(rows.map { held[$0.hole] }))
      let random = rows.map { sources[$0.hole].derived($0.chain) }
      let start = draws.map { draws in
        let units = rows.map { draws[$0.hole].sliced($0.chain..<$0.chain + 1, axis: 0) }
        return path.chains(.concatenated(units, axis: 0))
      }
      let weights = AnnealedImportanceSampling.logWeights(
        path, from: start ?? path.start(random), schedule, random)
      return Array(weights[..<tile.items.count])
    }
    return held.enumerated().map { hole, held in
      let estimate = AnnealedEstimate(
        logWeights: Array(logWeights[hole * chains..<(hole + 1) * chains]))
      return AnnealedEstimate(
        value: logBase(base[hole], held) + (draws == nil ? 1 : -1) * estimate.value,
        standardError: estimate.standardError)
    }
  }

  /// The logarithm of the constant at the beginning of the path, and the part of what is held.
  private func logBase(_ base: Tensor, _ held: HeldUnits) -> Double {
    let (base, bias) = (base.values.map(Double.init), visibleBias.values.map(Double.init))
    var sum = Double(hiddenCount) * log(2)
    for unit in held.values.indices where !held.isFree[unit] {
      sum += bias[unit] * Double(held.values[unit])
    }
    for unit in 0..<binaryCount where held.isFree[unit] { sum += log1p(exp(base[unit])) }
    if visibleCount > binaryCount, held.isFree[binaryCount] {
      sum += logSumExp(Array(base[binaryCount...]))
    }
    return sum
  }
}
