import Models
import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What it costs to draw several pixels at once.
@Suite struct StepCostTests {
  private let model: AnyOrder
  private let count = 1500

  init() throws {
    let zoo = ZooInstance(
      AnyOrder.self, shape: ImageShape(height: 2, width: 3, channels: 1, levels: 2))
    model = try #require(zoo.shaken(deviation: 0.6).model as? AnyOrder)
  }

  private func requests(passes: Int) -> [CompletionRequest] {
    (0..<count).map { index in
      CompletionRequest(
        levels: [0, 1, 0, 0, 0, 0], missing: [true, false, true, true, true, true],
        random: RandomSource(seed: 3, purpose: .sampling).at(index), passes: passes)
    }
  }

  /// log q - log p of each completion, all passes scored.
  private func differences(_ requests: [CompletionRequest], _ drawn: [Completion]) -> [Double] {
    let exact = model.conditionalScores(
      zip(requests, drawn).map { ConditionalRequest(levels: $1.levels, missing: $0.missing) },
      Pass())
    return zip(drawn, exact).map { $0.logLikelihood - $1.logLikelihood }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test func aSinglePassIsScoredAsAWhole() {
    let requests = requests(passes: 1)
    let drawn = model.completions(requests, temperature: 1, Pass())
    let costs = model.stepCosts(requests, drawn.map(\.levels), Pass())
    #expect(zip(costs, differences(requests, drawn)).allSatisfy { abs($0 - $1) < 1e-4 })
    // A divergence, and so not negative; here the pixels do depend on each other.
    #expect(mean(costs) > 0.005)
  }

  @Test func onePassChosenAtRandomStandsForAll() {
    let requests = requests(passes: 2)
    let drawn = model.completions(requests, temperature: 1, Pass())
    #expect(drawn.allSatisfy { !$0.isExact && $0.method == "any-order-steps" })
    let costs = model.stepCosts(requests, drawn.map(\.levels), Pass())
    let all = differences(requests, drawn)
    let spread = zip(costs, all).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let error = sqrt(spread) / Double(count)
    #expect(error > 0)
    #expect(abs(mean(costs) - mean(all)) < 5 * error)
  }

  @Test func asManyPassesAsPixelsCostNothing() {
    let requests = requests(passes: 5)
    let drawn = model.completions(requests, temperature: 1, Pass())
    #expect(drawn.allSatisfy { $0.isExact })
    let costs = model.stepCosts(requests, drawn.map(\.levels), Pass())
    #expect(costs.allSatisfy { abs($0) < 1e-5 })
  }
}
