import Layers
import Tensors

extension BoltzmannMachine {
  /// Goes on from a persistent chain that the request chooses, of its class where there is one, which is then held.
  ///
  /// A temperature divides energies, of hidden units too.
  public func samples(
    _ requests: [SampleRequest], temperature: Temperature, _ pass: Pass
  ) -> [Sample] {
    states(
      requests.map(hole), sweeps: configuration.samplingSweeps, temperature: temperature.ofLogits,
      units.machine(pass.elementType)
    ).map { Sample(levels: Array($0[..<shape.dimensionCount])) }
  }

  /// Fills holes by a chain whose known pixels are held: not exact.
  ///
  /// The likelihood of the drawn pixels is exp(-F(image)), or a bound of it, over the sum of all that agrees with the known pixels: exact where
  /// there are few hidden units, else by an annealed estimate of that sum, so that it is too high in the mean.
  public func completions(
    _ requests: [CompletionRequest], _ filling: GibbsFilling, temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let holes = requests.map { request in
      GibbsHole(held: held(request.levels, request.missing, request.label), random: request.random)
    }
    let images = states(
      holes, sweeps: filling.sweeps, temperature: temperature, units.machine(pass.elementType)
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
    let ofImages = logWeights(requests)
    return requests.indices.map { index in
      requests[index].missing.contains(true) ? ofImages[index] - partitions[index] : 0
    }
  }

  /// The logarithm of each image's unnormalised probability; a bound where it takes mean field and the states are too many to count.
  private func logWeights(_ requests: [ConditionalRequest]) -> [Double] {
    if isExact && isBound {
      return logPartitions(
        requests.map { held($0.levels, $0.missing.map { _ in false }, $0.label) })
    }
    return Tiles.map(requests) { tile in
      let batch = ImageBatch(
        tile.padded.map(\.levels), labels: tile.padded.map(\.label), shape: shape)
      return energies(pixels(of: batch), batch.labels, Pass()).values[..<tile.items.count]
        .map { -Double($0) }
    }
  }

  /// Never exact, unless nothing is missing; scores are where there are few hidden units.
  public func outlook(_ missing: [Bool], _ filling: GibbsFilling) -> FillingOutlook {
    let isWhole = !missing.contains(true)
    return FillingOutlook(
      isExact: isWhole, method: "gibbs", isScoreExact: isWhole || isExact,
      scoreMethod: isExact ? "enumeration" : "annealed-estimate", followsScores: !isBound)
  }

  private func held(_ levels: [Float], _ missing: [Bool], _ label: Int?) -> HeldUnits {
    HeldUnits(
      levels: levels, missing: missing, channels: shape.channels, upper: units.upperCount,
      label: label, classCount: classCount)
  }

  /// The whole image.
  func hole(_ request: SampleRequest) -> GibbsHole {
    GibbsHole(
      held: HeldUnits(
        binary: units.binaryCount, label: request.label, classCount: classCount),
      random: request.random)
  }

  /// The visible units of each hole after so many sweeps from a persistent chain.
  func states(
    _ holes: [GibbsHole], sweeps: Int, temperature: Float, _ machine: RestrictedMachine
  ) -> [[Float]] {
    let (present, width) = (units.chains.value.values, machine.visibleCount)
    let all = Array(0..<configuration.chains)
    return Tiles.map(holes) { tile in
      let rows = tile.padded
      let start = rows.flatMap { row in
        let ofClass =
          row.held.label(after: units.binaryCount).map { label in
            all.filter { present[$0 * width + units.binaryCount + label] == 1 }
          } ?? []
        let among = ofClass.isEmpty ? all : ofClass
        let draw = Int(row.random.with(purpose: .particles).uniform(0) * Float(among.count))
        let chain = among[min(among.count - 1, draw)]
        return present[chain * width..<(chain + 1) * width]
      }
      let ends = machine.swept(
        Tensor(start, shape: [rows.count, width]), sweeps: sweeps, temperature: temperature,
        held: Clamp(rows.map(\.held)), rows.map(\.random)
      ).values
      return tile.items.indices.map { Array(ends[$0 * width..<($0 + 1) * width]) }
    }
  }
}

/// What a chain fills.
struct GibbsHole: Sendable {
  let held: HeldUnits
  let random: RandomSource
}
