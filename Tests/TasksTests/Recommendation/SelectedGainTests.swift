import Tasks
import Tensors
import Testing

/// What the best of many is worth on images that did not choose it.
@Suite struct SelectedGainTests {
  /// Gains of candidates by image, right or wrong by chance: the baseline is right with one half.
  private func gains(
    _ chances: [Double], images: Int, seed: UInt64
  ) -> [[Double]] {
    let random = RandomSource(seed: seed, purpose: .testing)
    let base = random.at(0).uniforms(images).map { $0 < 0.5 ? 1.0 : 0 }
    return chances.enumerated().map { place, chance in
      zip(random.at(place + 1).uniforms(images), base).map {
        (Double($0) < chance ? 1 : 0) - $1
      }
    }
  }

  private func selected(_ gains: [[Double]]) -> SelectedGain {
    SelectedGain(gains, cells: gains.map { [$0[0], $0[1]] }, seed: 1)
  }

  @Test func theBestOfManyThatGainNothingPromisesNothing() {
    var (apparent, expected) = (0.0, 0.0)
    for seed in 1...20 {
      let gains = gains([Double](repeating: 0.5, count: 30), images: 100, seed: UInt64(seed))
      apparent += gains.map { $0.reduce(0, +) / 100 }.max() ?? 0
      expected += selected(gains).expected
    }
    // It looks like ten points, and is none.
    #expect(apparent / 20 > 0.08)
    #expect(abs(expected / 20) < 0.03, "\(expected / 20)")
  }

  @Test func whatTrulyGainsIsFoundWithItsGain() {
    var expected = 0.0
    for seed in 1...20 {
      let gains = gains([0.5, 0.5, 0.8, 0.5], images: 200, seed: UInt64(seed))
      let chosen = selected(gains)
      #expect(chosen.best == 2)
      #expect((0.03...0.06).contains(chosen.standardError) || chosen.standardError > 0.06)
      expected += chosen.expected
    }
    #expect(abs(expected / 20 - 0.3) < 0.03)
  }

  @Test func nothingIsChosenWhereAllLose() {
    let gains = gains([0.2, 0.3], images: 200, seed: 4)
    #expect(selected(gains).best == nil && selected(gains).expected == 0)
    #expect(SelectedGain([], cells: [], seed: 0).best == nil)
  }
}
