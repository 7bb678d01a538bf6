import Layers
import Tensors

/// Chains and steps of the annealing that estimates a normalising constant, sweeps of the chains before they are annealed
/// backwards, and the like for a hole.
private let (annealedChains, annealedSteps, settlingSweeps) = (128, 20_000, 10_000)
private let (holeChains, holeSteps, holeSettling) = (8, 1000, 100)

extension BoltzmannMachine {
  var isExact: Bool { configuration.hidden <= RestrictedMachine.mostEnumerated }

  /// Exact, or a bound, where there are few hidden units, else annealed estimates.
  public var scoreKind: ScoreKind {
    if isExact { return isBound ? .lowerBound : .exact }
    return isBound
      ? .annealedBound(chains: annealedChains) : .annealedEstimate(chains: annealedChains)
  }

  /// log p(v | y) where the class is known, else log Σ_y p(v, y).
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    let normalizers = Dictionary(
      uniqueKeysWithValues: Set(batch.labels).map { ($0, logNormalizer(label: $0, .forward).value) }
    )
    let ofImages = energies(pixels(of: batch), batch.labels, Pass()).values
    return zip(ofImages, batch.labels).map { -Double($0) - (normalizers[$1] ?? .nan) }
  }

  /// log Σ_v exp(-F(v, y)): computed once for a class, kept until parameters or chains change.
  public func logNormalizer(label: Int?, _ direction: AnnealingDirection) -> AnnealedEstimate {
    guard let label = classCount > 0 ? label : 0 else {
      return AnnealedEstimate(
        sumOf: (0..<classCount).map { logNormalizer(label: $0, direction) })
    }
    let isReverse = direction == .reverse && !isExact
    let place = (isReverse ? 1 + classCount : 0) + label
    return units.normalizers(place, of: units.tensors) {
      let machine = units.machine(.float32)
      let all = HeldUnits(binary: units.binaryCount, label: label, classCount: classCount)
      if isExact {
        return AnnealedEstimate(value: machine.exactLogPartition(all), standardError: 0)
      }
      return machine.annealedLogPartitions(
        [all], base: [baseRates], chains: annealedChains, steps: annealedSteps,
        reverseFrom: isReverse ? [settled(label: label, machine)] : nil)[0]
    }
  }

  /// Visible units of the model after very many sweeps from its chains.
  private func settled(label: Int?, _ machine: RestrictedMachine) -> Tensor {
    let requests = (0..<annealedChains).map { chain in
      SampleRequest(
        label: label, random: RandomSource(seed: 2, purpose: .particles).at(chain))
    }
    return Tensor(
      states(requests.map(hole), sweeps: settlingSweeps, temperature: 1, machine).flatMap { $0 },
      shape: [annealedChains, machine.visibleCount])
  }

  /// The log-odds of each visible unit among the chains, which stand for the images that were learnt.
  private var baseRates: Tensor { RestrictedMachine.logOdds(units.chains.value) }

  /// log Σ of exp(-E) over all that is free, for each; equal ones are computed once.
  func logPartitions(_ held: [HeldUnits]) -> [Double] {
    let machine = units.machine(.float32)
    var known: Set<HeldUnits> = []
    let different = held.filter { known.insert($0).inserted }
    let values: [Double]
    if isExact {
      values = ThreadPool.map(different.count) { machine.exactLogPartition(different[$0]) }
    } else {
      // From the rates that the model has given what is held the way is much shorter than from those of all images.
      let base = machine.settledLogOdds(
        different, base: baseRates, chains: holeChains, sweeps: holeSettling)
      values = machine.annealedLogPartitions(
        different, base: base, chains: holeChains, steps: holeSteps
      ).map(\.value)
    }
    let byHeld = Dictionary(uniqueKeysWithValues: zip(different, values))
    return held.map { byHeld[$0] ?? .nan }
  }
}

extension BoltzmannMachine {
  /// Images of two levels.
  static func checkLevels(_ shape: ImageShape) throws(ModelError) {
    if shape.levels == 2 { return }
    throw ModelError(
      "'\(card.name)' is a model of images of two levels, not of \(shape.levels): use --levels 2")
  }
}
