import Layers
import Platform
import Tensors
import TestSupport
import Testing

/// Optimisers against loops in float64.
@Suite struct OptimizerTests {
  /// What holds of every optimiser is tried on these.
  enum Kind: CaseIterable {
    case adam
    case momentum

    func optimizer(_ parameters: [Parameter]) -> any Optimizer {
      switch self {
      case .adam: Adam(parameters)
      case .momentum: Momentum(parameters)
      }
    }
  }

  @Test(arguments: [Float(0), 0.1], [Float.infinity, 0.5])
  func adamEqualsLoop(_ weightDecay: Float, _ clippingNorm: Float) {
    let store = store()
    var configuration = Adam.Configuration()
    configuration.weightDecay = weightDecay
    let optimizer = Adam(store.parameters, configuration)
    var values = store.parameters.flatMap { $0.value.values.map(Double.init) }
    var first = values.map { _ in 0.0 }
    var second = first
    for step in 1...12 {
      let gradients = gradients(store, step: step, scale: step == 7 ? 1e-3 : 1)
      let rate = 0.01 / Double(step)
      // As shards give them: halves of which one or two are there.
      let half = gradients.map { $0 * 0.5 }
      let sum = GradientSum(
        shards: (step % 2 == 0 ? [half, half] : [gradients]).map { $0.map { GradientPart($0) } })
      #expect(optimizer.update(sum, learningRate: Float(rate), clippingNorm: clippingNorm))
      let flat = gradients.flatMap { $0.values.map(Double.init) }
      let expectedNorm = sqrt(flat.reduce(0) { $0 + $1 * $1 })
      #expect(abs(Double(sum.norm) / expectedNorm - 1) < 1e-5)
      let scale = min(1, Double(clippingNorm) / expectedNorm)
      for i in values.indices {
        let g = flat[i] * scale
        first[i] = 0.9 * first[i] + 0.1 * g
        second[i] = 0.999 * second[i] + 0.001 * g * g
        let mean = first[i] / (1 - pow(0.9, Double(step)))
        let root = sqrt(second[i] / (1 - pow(0.999, Double(step))))
        values[i] -= rate * (mean / (root + 1e-8) + Double(weightDecay) * values[i])
      }
    }
    let found = store.parameters.flatMap(\.value.values)
    let difference = Comparison.difference(
      found, values.map(Float.init), relative: 1e-5, absolute: 2e-6)
    #expect(difference == nil)
  }

  @Test(arguments: [Float(0), 0.1], [Float.infinity, 0.5])
  func momentumEqualsLoop(_ weightDecay: Float, _ clippingNorm: Float) {
    let store = store()
    var configuration = Momentum.Configuration()
    configuration.momentum = 0.8
    configuration.weightDecay = weightDecay
    let optimizer = Momentum(store.parameters, configuration)
    var values = values(store).map(Double.init)
    var velocity = values.map { _ in 0.0 }
    for step in 1...12 {
      let gradients = gradients(store, step: step, scale: step == 7 ? 1e-3 : 0.1)
      let rate = 0.01 / Double(step)
      let sum = GradientSum(gradients)
      #expect(optimizer.update(sum, learningRate: Float(rate), clippingNorm: clippingNorm))
      let flat = gradients.flatMap { $0.values.map(Double.init) }
      let scale = min(1, Double(clippingNorm) / sqrt(flat.reduce(0) { $0 + $1 * $1 }))
      for i in values.indices {
        velocity[i] = 0.8 * velocity[i] + flat[i] * scale
        values[i] -= rate * (velocity[i] + Double(weightDecay) * values[i])
      }
    }
    let difference = Comparison.difference(
      self.values(store), values.map(Float.init), relative: 1e-5, absolute: 2e-6)
    #expect(difference == nil)
    #expect(optimizer.step == 12)
  }

  @Test(arguments: Kind.allCases)
  func goesOnWhereItsStateWasTaken(_ kind: Kind) {
    let (whole, parted) = (store(), store())
    let optimizer = kind.optimizer(whole.parameters)
    var other = kind.optimizer(parted.parameters)
    for step in 0..<6 {
      if step == 3 {
        let fresh = kind.optimizer(parted.parameters)
        fresh.restore(
          other.state.mapValues { Tensor($0.values, shape: $0.shape) }, step: other.step)
        other = fresh
      }
      optimizer.update(GradientSum(gradients(whole, step: step)), learningRate: 0.1)
      other.update(GradientSum(gradients(parted, step: step)), learningRate: 0.1)
    }
    #expect(values(whole) == values(parted))
  }

  @Test(arguments: Kind.allCases, [Float.nan, .infinity])
  func refusesGradientsThatAreNotFinite(_ kind: Kind, _ value: Float) {
    let store = store()
    let before = values(store)
    let optimizer = kind.optimizer(store.parameters)
    var spoilt = gradients(store, step: 0)
    var numbers = spoilt[1].values
    numbers[500] = value
    spoilt[1] = Tensor(numbers, shape: spoilt[1].shape)
    #expect(!optimizer.update(GradientSum(spoilt), learningRate: 0.1))
    #expect(values(store) == before)
    #expect(optimizer.step == 0)
  }

  @Test(arguments: Kind.allCases)
  func leavesParametersWithoutGradient(_ kind: Kind) {
    let store = store()
    let before = store.parameters.map(\.value.values)
    let optimizer = kind.optimizer(store.parameters)
    let given = [GradientPart(gradients(store, step: 0)[0]), GradientPart(nil)]
    let none = [GradientPart(nil), GradientPart(nil)]
    optimizer.update(GradientSum(shards: [given, none]), learningRate: 0.1)
    #expect(store.parameters[0].value.values != before[0])
    #expect(store.parameters[1].value.values == before[1])
  }

  @Test func movingAverage() {
    let store = store()
    let average = MovingAverage(store.parameters, decay: 0.6)
    var expected = values(store).map(Double.init)
    for step in 1...20 {
      for (parameter, value) in zip(store.parameters, gradients(store, step: step)) {
        parameter.assign(value)
      }
      average.update()
      let decay = min(0.6, Double(1 + step) / Double(10 + step))
      expected = zip(expected, values(store)).map { decay * $0 + (1 - decay) * Double($1) }
    }
    let found = average.values.flatMap(\.values)
    #expect(Comparison.difference(found, expected.map(Float.init), absolute: 1e-5) == nil)

    let present = values(store)
    #expect(average.whileApplied { values(store) } == found)
    #expect(values(store) == present)
    struct Refusal: Error {}
    #expect(throws: Refusal.self) { try average.whileApplied { throw Refusal() } }
    #expect(values(store) == present)
  }

  @Test func averageDoesNotFollowUpdatesInPlace() {
    let store = store()
    let average = MovingAverage(store.parameters, decay: 0.9)
    let before = average.values.flatMap(\.values)
    Adam(store.parameters).update(
      GradientSum(gradients(store, step: 1)), learningRate: 0.1)
    #expect(average.values.flatMap(\.values) == before)
  }

  @Test func learningRate() {
    let schedule = LearningRate(peak: 0.5, warmupSteps: 10, floor: 0.1)
    #expect(schedule.rate(step: 0, progress: 0) == 0.05)
    #expect(schedule.rate(step: 4, progress: 0) == 0.25)
    #expect(schedule.rate(step: 9, progress: 0) == 0.5)
    #expect(abs(schedule.rate(step: 99, progress: 0.5) - 0.275) < 1e-6)
    #expect(abs(schedule.rate(step: 99, progress: 1) - 0.05) < 1e-6)
    #expect(schedule.rate(step: 99, progress: 3) == schedule.rate(step: 99, progress: 1))
    let rates = (0...20).map { schedule.rate(step: 100, progress: Double($0) / 20) }
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 > $1 })
    #expect(LearningRate(peak: 1, warmupSteps: 0).rate(step: 0, progress: 0) == 1)
  }

  private func store() -> ParameterStore {
    let store = ParameterStore(seed: 1)
    _ = store.root.parameter("a", [3, 7], .normal(deviation: 1))
    _ = store.root.parameter("b", [1001], .normal(deviation: 1))
    return store
  }

  private func values(_ store: ParameterStore) -> [Float] {
    store.parameters.flatMap(\.value.values)
  }

  private func gradients(_ store: ParameterStore, step: Int, scale: Float = 1) -> [Tensor] {
    store.parameters.enumerated().map { index, parameter in
      RandomSource(seed: 2, purpose: .testing).at(step * 10 + index).normal(parameter.value.shape)
        * scale
    }
  }
}
