import Platform
import Tensors

/// A path of unnormalised distributions f_β, from one whose normalising constant is known (β = 0) to the one whose
/// constant is sought (β = 1), for chains in rows.
protocol AnnealingPath: Sendable {
  /// Where the chains of a tile stand.
  associatedtype Chains

  /// Draws from f_0; the numbers of each row decide.
  func start(_ random: [RandomSource]) -> Chains
  /// log f_to(x) - log f_from(x) of each chain.
  func logRatios(_ chains: Chains, from: Float, to: Float) -> [Double]
  /// The chains after a reversible step that leaves f_β as it is.
  ///
  /// - Parameter round: the number of this step, 1 or more; each has random numbers of its own.
  func moved(_ chains: Chains, at beta: Float, _ random: [RandomSource], round: Int) -> Chains
}

/// Annealed importance sampling (Neal 2001): log Z_1 - log Z_0 from chains that go along a path.
enum AnnealedImportanceSampling {
  /// The logarithm of each chain's weight, from chains that are draws of where the schedule begins.
  ///
  /// The mean of the weights is the ratio of the constants at the schedule's end and beginning in expectation, so that its
  /// logarithm is too low in the mean: too low for log Z_1 from 0 to 1, too high for it from 1 to 0 (Burda, Grosse and
  /// Salakhutdinov 2015, Accurate and Conservative Estimates of MRF Log-likelihood using Reverse Annealing).
  static func logWeights<Path: AnnealingPath>(
    _ path: Path, from chains: Path.Chains, _ schedule: [Float], _ random: [RandomSource]
  ) -> [Double] {
    var chains = chains
    var sums = [Double](repeating: 0, count: random.count)
    for round in 1..<schedule.count {
      let (from, to) = (schedule[round - 1], schedule[round])
      sums = zip(sums, path.logRatios(chains, from: from, to: to)).map { $0 + $1 }
      guard round < schedule.count - 1 else { break }
      chains = path.moved(chains, at: to, random, round: round)
    }
    return sums
  }

  /// Inverse temperatures from 0 to 1, closer where distributions change most (Salakhutdinov and Murray 2008, On the
  /// Quantitative Analysis of Deep Belief Networks, section 4.1): of 29 steps one lies below 1/2, eight below 9/10.
  static func schedule(_ steps: Int) -> [Float] {
    (0...steps).map { step in
      let share = 29 * Double(step) / Double(steps)
      if share <= 1 { return Float(0.5 * share) }
      if share <= 9 { return Float(0.5 + 0.4 * (share - 1) / 8) }
      return Float(0.9 + 0.1 * (share - 9) / 20)
    }
  }
}

extension AnnealedEstimate {
  /// The logarithm of the mean of weights.
  init(logWeights: [Double]) {
    let count = Double(logWeights.count)
    let mean = logSumExp(logWeights) - log(count)
    let variance = logWeights.reduce(0) { $0 + pow(exp($1 - mean) - 1, 2) } / max(1, count - 1)
    self.init(value: mean, standardError: (variance / count).squareRoot())
  }

  /// The logarithm of the sum of what these are estimates of, each from chains of its own.
  init(sumOf parts: [AnnealedEstimate]) {
    let total = logSumExp(parts.map(\.value))
    let variance = parts.reduce(0) { $0 + pow(exp($1.value - total) * $1.standardError, 2) }
    self.init(value: total, standardError: variance.squareRoot())
  }
}
