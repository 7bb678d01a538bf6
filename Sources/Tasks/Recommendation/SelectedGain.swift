import Platform
import Tensors

/// What the best of several candidates gains on images that did not choose it.
///
/// The best of many looks better than it is. Images are drawn with replacement, the candidate that gains most on those drawn is judged by
/// those that were not, and the mean over many draws is what to expect (Tsamardinos, Greasidou and Borboudakis 2018, Bootstrapping the
/// Out-of-sample Predictions for Efficient and Accurate Cross-validation, section 3.1).
package struct SelectedGain: Sendable, Equatable {
  /// The place of the candidate that gains most on all images; nil where none gains anything.
  package let best: Int?
  /// The gain to expect on new images.
  package let expected: Double
  /// Its standard error.
  package let standardError: Double

  /// Draws of images.
  static let draws = 1000

  /// Chooses among candidates.
  ///
  /// - Parameters:
  ///   - gains: of each candidate, by image; all of the same images.
  ///   - cells: of each candidate, the gains of the parts of cross-validation.
  package init(_ gains: [[Double]], cells: [[Double]], seed: UInt64) {
    let means = gains.map { MeanEstimate(of: $0).value }
    best = means.indices.max { means[$0] < means[$1] }.flatMap { means[$0] > 0 ? $0 : nil }
    guard let best, let count = gains.first?.count, count > 1 else {
      (expected, standardError) = (0, 0)
      return
    }
    expected = Self.outOfBag(gains, count: count, seed: seed)
    // Images differ, and so do trainings: whichever shows more.
    standardError = max(
      MeanEstimate(of: gains[best]).standardError ?? 0,
      MeanEstimate(of: cells[best]).standardError ?? 0)
  }

  /// The mean gain, over draws of images, of what gains most on those drawn, judged by the others.
  private static func outOfBag(_ gains: [[Double]], count: Int, seed: UInt64) -> Double {
    let random = RandomSource(seed: seed, purpose: .validation)
    // Image by image, so that a draw visits all candidates of an image at once.
    let rows = (0..<count).map { image in gains.map { $0[image] } }
    let totals = gains.map { $0.reduce(0, +) }
    let chosen = ThreadPool.map(draws) { draw -> Double? in
      var weights = [Int](repeating: 0, count: count)
      for value in random.at(draw).uniforms(count) {
        weights[min(count - 1, Int(value * Float(count)))] += 1
      }
      var sums = [Double](repeating: 0, count: gains.count)
      var seen = [Double](repeating: 0, count: gains.count)
      var left = 0
      for image in 0..<count {
        if weights[image] == 0 { left += 1 }
        for (candidate, gain) in rows[image].enumerated() where weights[image] > 0 {
          sums[candidate] += Double(weights[image]) * gain
          seen[candidate] += gain
        }
      }
      guard left > 0 else { return nil }
      guard let best = sums.indices.max(by: { sums[$0] < sums[$1] }), sums[best] > 0 else {
        return 0
      }
      return (totals[best] - seen[best]) / Double(left)
    }.compactMap { $0 }
    return chosen.isEmpty ? 0 : chosen.reduce(0, +) / Double(chosen.count)
  }
}
