import Models
import Platform
import Tensors
import TestSupport
import Testing

/// What it costs to draw several pixels at once.
@Suite struct StepCostTests {
  private let model: AnyOrder
  private let count = 1500

  init() throws {
    let zoo = ZooInstance(
      AnyOrder.self, shape: ImageShape(height: 2, width: 3, channels: 1, levels: 2))
    model = try #require(zoo.shaken(deviation: 0.6).model as? AnyOrder)
  }

  private func requests() -> [CompletionRequest] {
    (0..<count).map { index in
      CompletionRequest(
        levels: [0, 1, 0, 0, 0, 0], missing: [true, false, true, true, true, true],
        random: RandomSource(seed: 3, purpose: .sampling).at(index))
    }
  }

  /// log q - log p of each completion, all passes scored.
  private func differences(_ requests: [CompletionRequest], _ drawn: [Completion]) -> [Double] {
    let exact = model.conditionalScores(
      zip(requests, drawn).map { ConditionalRequest(levels: $1.levels, missing: $0.missing) },
      SteppedFilling(), Pass())
    return zip(drawn, exact).map { $0.logLikelihood - $1 }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// What was drawn in so many passes, and what that cost.
  private func drawn(steps: Int) throws -> (drawn: [Completion], costs: [Double]) {
    let filling = SteppedFilling(steps: steps)
    let drawn = model.completions(requests(), filling, temperature: 1, Pass())
    let costs = try #require(
      model.shortCutCosts(requests(), drawn: drawn.map(\.levels), filling, Pass()))
    return (drawn, costs)
  }

  @Test func aSinglePassIsScoredAsAWhole() throws {
    let (drawn, costs) = try drawn(steps: 1)
    #expect(zip(costs, differences(requests(), drawn)).allSatisfy { abs($0 - $1) < 1e-4 })
    // A divergence, and so not negative; here the pixels do depend on each other.
    #expect(mean(costs) > 0.005)
  }

  @Test func onePassChosenAtRandomStandsForAll() throws {
    let outlook = model.outlook(requests()[0].missing, SteppedFilling(steps: 2))
    #expect(!outlook.isExact && outlook.isShortCut && outlook.method == "any-order-steps")
    let (drawn, costs) = try drawn(steps: 2)
    let all = differences(requests(), drawn)
    let spread = zip(costs, all).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let error = sqrt(spread) / Double(count)
    #expect(error > 0)
    #expect(abs(mean(costs) - mean(all)) < 5 * error)
  }

  @Test func asManyPassesAsPixelsCostNothing() throws {
    #expect(model.outlook(requests()[0].missing, SteppedFilling(steps: 5)).isExact)
    #expect(try drawn(steps: 5).costs.allSatisfy { abs($0) < 1e-5 })
  }
}
