import Tasks
import Tensors
import Testing

/// How long chains stay alike, of chains that are known.
@Suite struct AutocorrelationTests {
  /// Chains x_{t+1} = ρ x_t + √(1 - ρ²) noise, whose integrated time is (1 + ρ) / (1 - ρ).
  private func chains(_ count: Int, length: Int, width: Int, _ rho: Float) -> [[Float]] {
    let random = RandomSource(seed: 6, purpose: .testing)
    return (0..<count).map { chain in
      let noise = random.at(chain).normal([length, width]).values
      var states = Array(noise[..<width])
      for place in width..<length * width {
        states.append(rho * states[place - width] + (1 - rho * rho).squareRoot() * noise[place])
      }
      return states
    }
  }

  private func autocorrelation(_ chains: [[Float]], width: Int) -> Autocorrelation {
    Autocorrelation(chains: chains.count, length: chains[0].count / width) { chain, range in
      Tensor(
        Array(chains[chain][range.lowerBound * width..<range.upperBound * width]),
        shape: [range.count, width])
    }
  }

  @Test(arguments: [Float(0), 0.5, 0.9])
  func theTimeOfAKnownChainIsFound(_ rho: Float) {
    let found = autocorrelation(chains(30, length: 900, width: 7, rho), width: 7)
    #expect(found.isResolved && found.values.count == 451 && found.values[0] == 1)
    for lag in 1...3 {
      let expected = (0..<lag).reduce(1.0) { product, _ in product * Double(rho) }
      #expect(abs(found.values[lag] - expected) < 0.02)
    }
    let expected = Double((1 + rho) / (1 - rho))
    #expect(abs(found.time / expected - 1) < 0.1)
  }

  /// Sums over blocks are those over all pairs.
  @Test func blocksAreNoDifference() {
    let (length, width) = (700, 3)
    let states = chains(2, length: length, width: width, 0.7)
    let found = autocorrelation(states, width: width)
    let mean = (0..<width).map { column in
      states.reduce(0.0) { sum, chain in
        stride(from: column, to: chain.count, by: width).reduce(sum) { $0 + Double(chain[$1]) }
      } / Double(2 * length)
    }
    func average(_ lag: Int) -> Double {
      let sums = states.map { chain in
        (0..<(length - lag) * width).reduce(0.0) { sum, place in
          sum + (Double(chain[place]) - mean[place % width])
            * (Double(chain[place + lag * width]) - mean[place % width])
        }
      }
      return sums.reduce(0, +) / Double(2 * (length - lag))
    }
    for lag in [1, 17, 255, 256, 257, 349, 350] {
      #expect(abs(found.values[lag] - average(lag) / average(0)) < 1e-4, "lag \(lag)")
    }
  }

  /// Chains that each stay in a place of their own do not pass for quick ones.
  @Test func chainsThatStayAreNotTakenForMixed() {
    let quick = chains(10, length: 400, width: 4, 0)
    let stuck = quick.enumerated().map { place, chain in chain.map { $0 + 3 * Float(place % 2) } }
    let found = autocorrelation(stuck, width: 4)
    #expect(!found.isResolved && found.time > 100)
    #expect(autocorrelation(quick, width: 4).time < 1.2)
    let still = [[Float]](repeating: [Float](repeating: 2, count: 80), count: 3)
    #expect(autocorrelation(still, width: 2).values.allSatisfy { $0.isFinite })
  }

  @Test func visitsAreCounted() {
    let visits = ClassVisits([[0, 0, 1, 1], [2, 2, 2, 2]], names: ["a", "b", "c", "d"])
    #expect(visits.found == 3 && visits.shares == [0.25, 0.25, 0.5, 0])
    #expect(visits.classesOfChain.value == 1.5 && abs(visits.changes.value - 1.0 / 6) < 1e-12)
  }
}
