import Layers
import Platform
import Tensors

/// How the chain of a generative stochastic network fills a hole.
public struct WalkFilling: FillingConfiguration {
  /// Steps of the chain before an image is taken.
  public var steps = 100
  /// Further steps that a likelihood is the mean of.
  public var states = 50

  /// The defaults.
  public init() {}

  /// Every option.
  public static let settings: [Setting<WalkFilling>] = [
    .integer(
      "steps", \.steps, 1...100_000, "steps of the chain before a filling is taken", tiny: 3),
    .integer(
      "states", \.states, 1...100_000, "further steps that its likelihood is the mean of", tiny: 2),
  ]
}

extension GenerativeStochasticNetwork {
  /// Runs a chain from the mean image for each request, and takes where it is.
  public func samples(
    _ requests: [SampleRequest], temperature: Temperature, _ pass: Pass
  ) -> [Sample] {
    let holes = requests.map { CompletionRequest(everyPixelOf: shape, $0) }
    return filled(holes, steps: configuration.steps, temperature: temperature.ofLogits, pass)
      .map { Sample(levels: $0) }
  }

  /// Never exact, unless nothing is missing.
  public func outlook(_ missing: [Bool], _ filling: WalkFilling) -> FillingOutlook {
    FillingOutlook(
      isExact: !missing.contains(true), method: "clamped-chain", scoreMethod: "chain-average",
      isScoreEstimated: true)
  }

  /// Fills holes by a chain whose known pixels are put back after every step (Bengio and others 2014, section 5.1): not exact.
  ///
  /// The likelihood of the drawn pixels is the mean of what the chain says of them at further steps, none of which drew them.
  public func completions(
    _ requests: [CompletionRequest], _ filling: WalkFilling, temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let images = filled(requests, steps: filling.steps, temperature: temperature, pass)
    let scores = conditionalScores(
      zip(requests, images).map {
        ConditionalRequest(
          levels: $1, missing: $0.missing, label: $0.label, common: $0.common)
      }, filling, pass)
    return zip(images, scores).map { Completion(levels: $0, logLikelihood: $1) }
  }

  /// log of the mean of p(missing | the chain's state) over steps of a chain in which the known pixels are held.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ filling: WalkFilling, _ pass: Pass
  ) -> [Double] {
    Tiles.map(requests) { tile in
      let rows = tile.padded
      var walk = Walk(self, labels: rows.map(\.label), rows.map(\.common), pass)
      let held = rows.map { ($0.levels, $0.missing) }
      let truth = ImageBatch(rows.map(\.levels), shape: shape).levels
      var levels = begun(held)
      var ofStates = [[Double]](repeating: [], count: tile.items.count)
      for step in 0..<filling.steps + filling.states {
        let numbers = walk.step(from: levels)
        if step >= filling.steps {
          let losses = distribution.negativeLogLikelihood(parameters: numbers, levels: truth).values
          for (index, request) in tile.items.enumerated() {
            ofStates[index].append(
              (0..<shape.pixelCount).reduce(0.0) {
                request.missing[$1] ? $0 - Double(losses[index * shape.pixelCount + $1]) : $0
              })
          }
        }
        levels = walk.drawn(numbers, temperature: 1, held: held)
      }
      return zip(tile.items, ofStates).map { request, scores in
        request.missing.contains(true)
          ? logSumExp(scores) - log(Double(scores.count)) : 0
      }
    }
  }

  /// The images after so many steps of chains in which known pixels are held.
  private func filled(
    _ requests: [CompletionRequest], steps: Int, temperature: Float, _ pass: Pass
  ) -> [[Float]] {
    Tiles.map(requests) { tile in
      var taken = Tensor(0)
      // Only what is taken is sharpened: the chain itself lives on its noise.
      walk(tile.padded, pass, temperature: { $0 == steps ? temperature : 1 }) { step, levels in
        taken = levels
        return step < steps
      }
      let (values, size) = (taken.values, shape.dimensionCount)
      return tile.items.indices.map { Array(values[$0 * size..<($0 + 1) * size]) }
    }
  }

  /// The mean image where pixels are missing, and the known ones.
  func begun(_ held: [(levels: [Float], missing: [Bool])]) -> Tensor {
    let (mean, channels) = (mean.value.values, shape.channels)
    return ImageBatch(
      held.map { image in
        mean.indices.map { image.missing[$0 / channels] ? mean[$0] : image.levels[$0] }
      }, shape: shape
    ).levels
  }
}
