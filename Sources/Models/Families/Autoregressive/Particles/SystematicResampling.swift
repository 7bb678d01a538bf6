/// Replaces light particles by copies of heavy ones with one random number (Carpenter, Clifford and
/// Fearnhead 1999, Improved Particle Filter for Nonlinear Problems, section 3.2).
package enum SystematicResampling {
  /// For each place the particle that is copied there; a particle that survives stays in its place.
  ///
  /// A particle of weight w has ⌊n w⌋ or ⌈n w⌉ places of n, n w in the mean.
  ///
  /// - Parameters:
  ///   - weights: sum to 1.
  ///   - uniform: a number in (0, 1).
  package static func sources(weights: [Double], uniform: Double) -> [Int] {
    let counts = offspring(weights: weights, uniform: uniform)
    var sources = counts.indices.map { $0 }
    var free = counts.indices.filter { counts[$0] == 0 }[...]
    for (particle, count) in counts.enumerated() where count > 1 {
      for place in free.prefix(count - 1) { sources[place] = particle }
      free = free.dropFirst(count - 1)
    }
    return sources
  }

  /// How many of the points (uniform + i) / n lie within each particle's share of the line from 0 to 1.
  private static func offspring(weights: [Double], uniform: Double) -> [Int] {
    let count = weights.count
    var (sum, passed) = (0.0, 0)
    return weights.indices.map { particle in
      sum += weights[particle]
      let isLast = particle == count - 1
      let end = Int((Double(count) * sum - uniform).rounded(.up))
      let reached = isLast ? count : max(passed, min(count, end))
      defer { passed = reached }
      return reached - passed
    }
  }
}
