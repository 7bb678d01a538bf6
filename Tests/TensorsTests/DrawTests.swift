import Platform
import Tensors
import Testing

/// Draws of zeros and ones.
@Suite struct DrawTests {
  private let random = (0..<400).map { RandomSource(seed: 31, purpose: .testing).at($0) }

  @Test func onesAreAsFrequentAsTheyAreProbable() {
    let logits: [Float] = [-40, -2, 0, 1, 40]
    let rows = Tensor((0..<400).flatMap { _ in logits }, shape: [400, 5])
    var counts = [Float](repeating: 0, count: 5)
    for round in 0..<20 {
      let drawn = rows.bernoulli(random, from: round * 5).values
      #expect(drawn.allSatisfy { $0 == 0 || $0 == 1 })
      for (place, value) in drawn.enumerated() { counts[place % 5] += value }
    }
    for (count, logit) in zip(counts, logits) {
      let share = 1 / (1 + exp(-logit))
      // Five standard deviations.
      #expect(abs(count / 8000 - share) <= 5 * (share * (1 - share) / 8000).squareRoot() + 1e-6)
    }
  }

  @Test func placesAreAsFrequentAsTheyAreProbable() {
    let shares: [Float] = [0.5, 0, 0.2, 0.3]
    let rows = Tensor((0..<400).flatMap { _ in shares.map { log($0 + 1e-30) } }, shape: [400, 4])
    var counts = [Float](repeating: 0, count: 4)
    for round in 0..<20 {
      let drawn = rows.categorical(random, draw: round).values
      for row in 0..<400 { #expect(drawn[row * 4..<row * 4 + 4].reduce(0, +) == 1) }
      for (place, value) in drawn.enumerated() { counts[place % 4] += value }
    }
    for (count, share) in zip(counts, shares) {
      #expect(abs(count / 8000 - share) <= 5 * (share * (1 - share) / 8000).squareRoot())
    }
  }

  @Test func aRowIsDrawnByItsOwnNumbers() {
    let logits = RandomSource(seed: 32, purpose: .testing).normal([6, 9])
    let all = logits.bernoulli(Array(random[..<6]), from: 3)
    let one = logits.sliced(4..<5, axis: 0)
    #expect(one.bernoulli([random[4]], from: 3).values == all.sliced(4..<5, axis: 0).values)
    #expect(
      one.categorical([random[4]], draw: 2).values
        == logits.categorical(Array(random[..<6]), draw: 2).sliced(4..<5, axis: 0).values)
  }
}
