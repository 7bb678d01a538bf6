import Layers
import Tensors

extension RestrictedBoltzmannMachine {
  /// Goes on from a persistent chain that the request chooses, of its class where there is one, which is then held.
  ///
  /// A temperature divides energies, of hidden units too.
  public func samples(
    _ requests: [SampleRequest], temperature: Temperature, _ pass: Pass
  ) -> [Sample] {
    units(
      requests.map(hole), sweeps: configuration.samplingSweeps, temperature: temperature.ofLogits,
      machine(pass.elementType)
    ).map { Sample(levels: Array($0[..<shape.dimensionCount])) }
  }

  /// Fills holes by a chain whose known pixels are held: not exact.
  ///
  /// The likelihood of the drawn pixels is exp(-F(image)) over the sum of all that agrees with the known pixels: exact where
  /// there are few hidden units, else by an annealed estimate of that sum, so that it is too high in the mean.
  public func completions(
    _ requests: [CompletionRequest], _ filling: GibbsFilling, temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let holes = requests.map { request in
      Hole(held: held(request.levels, request.missing, request.label), random: request.random)
    }
    let images = units(
      holes, sweeps: filling.sweeps, temperature: temperature, machine(pass.elementType)
    ).map { Array($0[..<shape.dimensionCount]) }
    let scores = conditionalScores(
      zip(requests, images).map {
        ConditionalRequest(levels: $1, missing: $0.missing, label: $0.label)
      }, filling, pass)
    return zip(images, scores).map { Completion(levels: $0, logLikelihood: $1) }
  }

  /// log p(missing | known), as for completions.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ filling: GibbsFilling, _ pass: Pass
  ) -> [Double] {
    let partitions = logPartitions(
      requests.map { held($0.levels, $0.missing, $0.label) })
    let energies = Tiles.map(requests) { tile in
      let batch = ImageBatch(
        tile.padded.map(\.levels), labels: tile.padded.map(\.label), shape: shape)
      return Array(
        freeEnergies(pixels(of: batch), batch.labels, Pass()).values[..<tile.items.count])
    }
    return requests.indices.map { index in
      requests[index].missing.contains(true) ? -Double(energies[index]) - partitions[index] : 0
    }
  }

  /// Never exact, unless nothing is missing; scores are where there are few hidden units.
  public func outlook(_ missing: [Bool], _ filling: GibbsFilling) -> FillingOutlook {
    let isWhole = !missing.contains(true)
    return FillingOutlook(
      isExact: isWhole, method: "gibbs", isScoreExact: isWhole || isExact,
      scoreMethod: isExact ? "enumeration" : "annealed-estimate")
  }

  private func held(_ levels: [Float], _ missing: [Bool], _ label: Int?) -> HeldUnits {
    HeldUnits(
      levels: levels, missing: missing, channels: shape.channels, label: label,
      classCount: classCount)
  }

  /// What a chain fills.
  struct Hole: Sendable {
    let held: HeldUnits
    let random: RandomSource
  }

  /// The whole image.
  func hole(_ request: SampleRequest) -> Hole {
    Hole(
      held: HeldUnits(
        pixels: shape.dimensionCount, label: request.label, classCount: classCount),
      random: request.random)
  }

  /// The visible units of each hole after so many sweeps from a persistent chain.
  func units(
    _ holes: [Hole], sweeps: Int, temperature: Float, _ machine: RestrictedMachine
  ) -> [[Float]] {
    let (present, width) = (chains.value.values, machine.visibleCount)
    let all = Array(0..<configuration.chains)
    return Tiles.map(holes) { tile in
      let rows = tile.padded
      let start = rows.flatMap { row in
        let ofClass =
          row.held.label(after: shape.dimensionCount).map { label in
            all.filter { present[$0 * width + shape.dimensionCount + label] == 1 }
          } ?? []
        let among = ofClass.isEmpty ? all : ofClass
        let draw = Int(row.random.with(purpose: .particles).uniform(0) * Float(among.count))
        let chain = among[min(among.count - 1, draw)]
        return present[chain * width..<(chain + 1) * width]
      }
      let units = machine.swept(
        Tensor(start, shape: [rows.count, width]), sweeps: sweeps, temperature: temperature,
        held: Clamp(rows.map(\.held)), rows.map(\.random)
      ).values
      return tile.items.indices.map { Array(units[$0 * width..<($0 + 1) * width]) }
    }
  }
}
