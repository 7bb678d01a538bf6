import Layers
import Tensors

/// The share of the way that offsets move in a step (Montavon and Müller 2012, table 1).
private let offsetRate: Float = 0.01

extension BoltzmannMachine {
  /// The mean energy of the images less that of this shard's chains, whose gradient estimates that of -log p.
  func contrast(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    let (index, count) = pass.learning?.shard ?? (0, 1)
    let first = configuration.chains * index / count
    let last = max(first + 1, configuration.chains * (index + 1) / count)
    let ofChains = units.chains.value.sliced(first..<last, axis: 0)
      .sliced(0..<units.binaryCount, axis: 1)
    let unknown = [Int?](repeating: nil, count: last - first)
    return energies(pixels(of: batch), batch.labels, pass).mean()
      - units.freeEnergies(ofChains, unknown, pass).mean()
  }

  /// The score where likelihoods are exact, else the last weights.
  ///
  /// An estimate at every validation would cost more than the steps between two,
  /// and its error is larger than what they gain. The rate falls to nearly nothing, so that the last weights are good ones.
  public var weightSelection: WeightSelection { isExact ? .score : .last }

  /// Moves every chain on; after the first step, visible biases are set to the log-odds of its images.
  ///
  /// Where weights must learn first which pixels are rare, few hidden units end up all saturated (Hinton 2010, A Practical
  /// Guide to Training Restricted Boltzmann Machines, section 8).
  public func updateState(after batch: ImageBatch, _ pass: Pass) {
    guard let noise = pass.noise else { return }
    if pass.learning?.step == 0 { units.begin(pixels(of: batch)) }
    if units.offsets != nil { moveOffsets(batch) }
    let machine = units.machine(pass.elementType)
    guard let tempered = units.tempered else {
      return units.chains.assign(moved(noise, machine))
    }
    let ladder = TemperedChains(machine, levels: configuration.temperatures)
    let all = ladder.swept(
      [units.chains.value] + tempered.value.split(into: ladder.levels - 1, axis: 0),
      sweeps: configuration.sweeps, first: (pass.learning?.step ?? 0) * configuration.sweeps, noise)
    units.chains.assign(all[0])
    tempered.assign(Tensor.concatenated(Array(all[1...]), axis: 0))
  }

  private func moved(_ noise: RandomSource, _ machine: RestrictedMachine) -> Tensor {
    let present = units.chains.value
    let parts = ThreadPool.map(Tiles.count(configuration.chains)) { tile in
      let range = Tiles.range(tile, of: configuration.chains)
      return machine.swept(
        present.sliced(range, axis: 0), sweeps: configuration.sweeps,
        range.map { noise.derived($0) })
    }
    return Tensor.concatenated(parts, axis: 0)
  }

  private func moveOffsets(_ batch: ImageBatch) {
    let pixels = pixels(of: batch)
    let sums = ThreadPool.map(Tiles.count(batch.count)) { tile in
      let range = Tiles.range(tile, of: batch.count)
      return hiddenMeans(pixels.sliced(range, axis: 0), Array(batch.labels[range]))
        .sum(axis: 0, keepingAxis: true)
    }
    let means = Tensor.concatenated(sums, axis: 0).sum(axis: 0) * (1 / Float(batch.count))
    let hidden = configuration.hidden
    let upper = units.upperCount > 0 ? [means.sliced(hidden..<means.count, axis: 0)] : []
    units.moveOffsets(
      hidden: means.sliced(0..<hidden, axis: 0),
      binary: .concatenated([pixels.mean(axis: 0)] + upper, axis: 0), rate: offsetRate)
  }
}
