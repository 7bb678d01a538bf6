import Layers
public import Models
import Platform
import Tensors

extension Laws {
  /// The mean of many gradients that are called estimates, each of another state and other noise, is the slope of the mean
  /// negative log-likelihood, within its standard error; images of unknown class.
  ///
  /// - Parameter updates: of the state before each gradient; none leaves a state where it began, which breaks the law
  ///   where there is one.
  public static func gradientEstimatesAreUnbiased(
    _ zoo: ZooInstance, updates: Int = 12
  ) throws -> [String] {
    let instance = try zoo.shaken(deviation: 0.4)
    guard let model = instance.model as? any Scoring, model.scoreKind == .exact else {
      return ["no exact score"]
    }
    let batch = ImageBatch(levels: zoo.batch(8).levels)
    return gradientEstimatesAreUnbiased(instance, batch, updates: updates) {
      -model.scores(batch, Pass()).reduce(0, +) / 8
    }
  }

  /// The same for any batch whose mean negative log-likelihood is known.
  public static func gradientEstimatesAreUnbiased(
    _ instance: ModelInstance, _ batch: ImageBatch, updates: Int = 12, likelihood: () -> Double
  ) -> [String] {
    // Alone on its thread: so many small steps would wait for each other most of the time.
    withThreads(1) {
      instance.model.objectives.flatMap { objective -> [String] in
        guard case .gradientEstimate = objective.signal else { return [] }
        settle(instance.model, batch, updates: updates > 0 ? 1500 : 0)
        let expected = objective.parameters.map { slopes(of: likelihood, by: $0) }
        let means = estimates(objective, instance.model, batch, updates: updates)
        return objective.parameters.indices.flatMap { index in
          zip(expected[index], means[index]).enumerated().compactMap { place, pair -> String? in
            let (slope, (mean, error)) = pair
            // Slopes by differences have errors of their own.
            guard abs(mean - slope) > 5 * error + 2e-4 else { return nil }
            return "\(objective.parameters[index].name)[\(place)]: \(mean) +- \(error), "
              + "the slope is \(slope)"
          }
        }
      }
    }
  }

  /// Brings running means of the batch to where they stay: a slope is by parameters that mean the same before and after.
  private static func settle(_ model: any GenerativeModel, _ batch: ImageBatch, updates: Int) {
    guard let model = model as? any Stateful else { return }
    for update in 0..<updates {
      let noise = RandomSource(seed: 50, purpose: .particles).at(update)
      model.updateState(after: batch, Pass(noise: noise, step: 1_000_000))
    }
  }

  /// Fourth-order differences of a function of a parameter's values, one by one.
  private static func slopes(of function: () -> Double, by parameter: Parameter) -> [Double] {
    let start = parameter.value.detached
    let (values, step) = (start.values, Float(1) / 16)
    defer { parameter.assign(start) }
    return values.indices.map { place in
      func value(_ distance: Float) -> Double {
        var moved = values
        moved[place] += distance
        parameter.assign(Tensor(moved, shape: start.shape))
        return function()
      }
      return (8 * (value(step) - value(-step)) - (value(2 * step) - value(-2 * step)))
        / (12 * Double(step))
    }
  }

  /// The mean of each element of each gradient, and its standard error.
  private static func estimates(
    _ objective: Objective, _ model: any GenerativeModel, _ batch: ImageBatch, updates: Int
  ) -> [[(mean: Double, error: Double)]] {
    // Past the steps that a model may begin otherwise with.
    let (rounds, start) = (400, 1_000_000)
    var sums = objective.parameters.map { [Double](repeating: 0, count: $0.value.count) }
    var squares = sums
    for round in 0..<rounds {
      for update in 0..<updates {
        let noise = RandomSource(seed: 51, purpose: .particles).at(round * updates + update)
        (model as? any Stateful)?.updateState(after: batch, Pass(noise: noise, step: start + round))
      }
      let noise = RandomSource(seed: 52, purpose: .dropout).at(round)
      let (_, gradients) = valueAndGradients(of: objective.parameters.map(\.value)) {
        objective.value(batch, Pass(noise: noise, step: start + round))
      }
      for (index, gradient) in gradients.enumerated() {
        for (place, value) in (gradient?.values ?? []).enumerated() {
          sums[index][place] += Double(value)
          squares[index][place] += Double(value) * Double(value)
        }
      }
    }
    let count = Double(rounds)
    return zip(sums, squares).map { sums, squares in
      zip(sums, squares).map { sum, square in
        let mean = sum / count
        return (mean, (max(0, square / count - mean * mean) / (count - 1)).squareRoot())
      }
    }
  }
}
