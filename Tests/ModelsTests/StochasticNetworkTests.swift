import Layers
import Models
import Platform
import Tensors
import TestSupport
import Testing

/// Chains of a generative stochastic network.
@Suite struct StochasticNetworkTests {
  private static let shape = ImageShape(height: 2, width: 3, channels: 1, levels: 2)

  private func model(_ settings: [String: String] = [:]) throws -> GenerativeStochasticNetwork {
    let zoo = ZooInstance(GenerativeStochasticNetwork.self, settings, shape: Self.shape)
    return try #require(zoo.shaken(deviation: 0.4).model as? GenerativeStochasticNetwork)
  }

  /// What the states of one chain say of a hole is a distribution: over all fillings it sums to 1, and no two are alike.
  @Test(arguments: [1, 2])
  func scoresOfAllFillingsSumToOne(_ layers: Int) throws {
    let completer = try Completer(
      model(["layers": "\(layers)"]), options: ["steps": "4", "states": "5"])
    let missing = [true, false, true, true, false, false]
    let requests = (0..<8).map { number in
      ConditionalRequest(
        levels: [number & 1, 1, number >> 1 & 1, number >> 2, 0, 1].map { Float($0) },
        missing: missing)
    }
    let probabilities = completer.conditionalScores(requests, Pass()).map { exp($0) }
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
    #expect(Set(probabilities).count == 8)
  }

  /// Known pixels reach what is drawn, and what was known of another image draws otherwise.
  @Test func knownPixelsReachTheChain() throws {
    let completer = try Completer(model(["noise": "0.1", "corruption": "0"]))
    func score(_ known: Float) -> Double {
      completer.conditionalScores(
        [
          ConditionalRequest(
            levels: [1, known, known, known, known, known],
            missing: [true, false, false, false, false, false])
        ], Pass())[0]
    }
    #expect(abs(score(0) - score(1)) > 1e-3)
  }

  /// Chains of other random numbers come to other images; without noise of any kind a chain's numbers draw pixels alone.
  @Test func chainsDiffer() throws {
    let model = try model()
    let requests = (0..<40).map {
      SampleRequest(label: nil, random: RandomSource(seed: 3, purpose: .sampling).at($0))
    }
    let images = model.samples(requests, temperature: 1, Pass()).map(\.levels)
    #expect(Set(images).count > 10)
    let sharp = try self.model(["noise": "0", "corruption": "0", "steps": "1"])
      .samples(requests, temperature: Temperature(1, pixels: 0), Pass()).map(\.levels)
    #expect(Set(sharp).count == 1)
  }

  /// Where chains begin is the mean of the images that were learnt.
  @Test func theMeanFollowsTheImages() throws {
    let zoo = ZooInstance(GenerativeStochasticNetwork.self, shape: Self.shape)
    let instance = try zoo.fresh()
    let model = try #require(instance.model as? GenerativeStochasticNetwork)
    let batch = zoo.batch(30)
    let noise = RandomSource(seed: 1, purpose: .particles)
    model.updateState(after: batch, Pass(noise: noise, step: 0))
    let mean = try #require(instance.store.states.first).value
    let expected = batch.levels.mean(axes: [0]).reshaped(to: mean.shape)
    #expect(Comparison.difference(mean, expected) == nil)
    model.updateState(
      after: ImageBatch(levels: Tensor(repeating: 1, shape: [4, 2, 3, 1])),
      Pass(noise: noise, step: 1))
    let moved = try #require(instance.store.states.first).value
    #expect(Comparison.difference(moved, expected * 0.99 + 0.01) == nil)
  }
}
