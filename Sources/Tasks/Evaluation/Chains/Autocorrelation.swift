package import Tensors

/// How long the states of chains stay alike: ρ(lag) = Σ (x_t - μ)·(x_{t+lag} - μ) / Σ |x_t - μ|², pixel by pixel, over all chains, μ being
/// the mean of all their states.
///
/// Chains that each stay in a place of their own have a ρ that does not fall to 0: μ is that of all.
package struct Autocorrelation: Sendable, Equatable {
  /// ρ, from lag 0 to half of the sweeps.
  package let values: [Double]
  /// τ = 1 + 2 Σ ρ(lag): states that are worth one independent draw.
  ///
  /// The sum ends at the first lag of at least five τ (Sokal 1997,
  /// Monte Carlo Methods in Statistical Mechanics, section 3).
  package let time: Double
  /// Whether there was such a lag; else τ is larger than it says.
  package let isResolved: Bool

  /// Lags that τ spans at least where its sum ends.
  private static let window = 5.0
  /// States in a product.
  private static let blockSize = 256

  /// Of chains of so many states.
  ///
  /// - Parameter states: those of a chain in a range, float32 `[range, ...]`.
  package init(
    chains: Int, length: Int, states: @escaping @Sendable (_ chain: Int, Range<Int>) -> Tensor
  ) {
    precondition(chains > 0 && length > 1, "chains of two states at least")
    let blocks = stride(from: 0, to: length, by: Self.blockSize).map {
      $0..<min(length, $0 + Self.blockSize)
    }
    let sums = ThreadPool.map(chains) { chain -> [Double] in
      blocks.reduce(into: []) { sums, block in
        let values = states(chain, block)
        let width = values.count / block.count
        let added = values.withValues { NearestRows.sums($0, width: width) }
        sums = sums.isEmpty ? added : zip(sums, added).map { $0 + $1 }
      }
    }
    let width = sums[0].count
    let mean = Tensor(
      (0..<width).map { column in
        Float(sums.reduce(0) { $0 + $1[column] } / Double(chains * length))
      }, shape: [1, width])
    let mostLag = length / 2
    let products = ThreadPool.map(chains) { chain in
      Self.products(blocks, mostLag: mostLag) { range in
        states(chain, range).reshaped(to: [range.count, width]) - mean
      }
    }
    let means = (0...mostLag).map { lag in
      products.reduce(0) { $0 + $1[lag] } / Double(chains * (length - lag))
    }
    values = means.map { means[0] > 0 ? $0 / means[0] : 0 }
    (time, isResolved) = Self.time(values)
  }

  /// Σ x_t·x_{t+lag} of a chain for each lag.
  private static func products(
    _ blocks: [Range<Int>], mostLag: Int, _ states: (Range<Int>) -> Tensor
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: mostLag + 1)
    for (place, block) in blocks.enumerated() {
      let earlier = states(block)
      for later in blocks[place...] where later.lowerBound - block.upperBound < mostLag {
        earlier.multiplied(by: states(later), transposingOther: true).withValues { products in
          for row in 0..<block.count {
            for column in 0..<later.count {
              let lag = later.lowerBound + column - block.lowerBound - row
              if (0...mostLag).contains(lag) {
                sums[lag] += Double(products[row * later.count + column])
              }
            }
          }
        }
      }
    }
    return sums
  }

  private static func time(_ values: [Double]) -> (Double, Bool) {
    var time = 1.0
    for lag in 1..<max(1, values.count) {
      time += 2 * values[lag]
      if Double(lag) >= window * time { return (max(1, time), true) }
    }
    return (max(1, time), false)
  }
}
