import Platform
import Tensors

/// The log-likelihood of images under a Gaussian kernel window around samples (Breuleux, Bengio and Vincent 2009, Unlearning for Better
/// Mixing; Goodfellow and others 2014, Generative Adversarial Nets, section 5):
/// p(x) = (1/n) Σ N(x; sampleᵢ, σ² I), a density of values in 0...1, in nats an image.
///
/// It says little of how likely images are (Theis and others 2016, A Note on the Evaluation of Generative Models, section 3.2): it is far
/// from the truth in hundreds of dimensions, and centres of clusters do better than real images.
package struct ParzenWindow: Sendable, Equatable {
  /// σ, the likeliest of a grid for images that are neither measured nor under the window.
  package let width: Double
  /// Mean log-likelihood of the images that are measured, and its standard error.
  package let logLikelihood: MeanEstimate

  /// Images that the width is chosen by, at most.
  package static let mostValidation = 1000
  /// Widths to choose from, 0.01 to 2.3 by equal factors.
  static let widths = (0...48).map { 0.01 * pow(1.12, Double($0)) }
  /// Widths from one to the next that are tried first.
  private static let step = 6

  /// The window around some rows.
  ///
  /// - Parameters:
  ///   - validation: rows that choose the width, of which all distances are kept at once.
  ///   - test: rows that are measured.
  package init(around centres: FeatureRows, validation: FeatureRows, test: FeatureRows) {
    let distances = validation.products(with: centres, start: [Float]()) {
      kept, row, block, products in
      for (place, centre) in block.enumerated() {
        kept.append(validation.squares[row] + centres.squares[centre] - 2 * products[place])
      }
    }
    let dimensions = Double(test.width)
    width = Self.best { width in
      ThreadPool.map(distances.count) { row in
        var sum = LogSum()
        for distance in distances[row] { sum.add(max(0, distance), width) }
        return sum.value - dimensions * log(width)
      }.reduce(0, +)
    }
    let width = width
    let normalizer =
      log(Double(centres.count)) + dimensions * log(width * (2 * Double.pi).squareRoot())
    logLikelihood = MeanEstimate(
      of: test.squaredDistances(to: centres, start: LogSum()) { sum, _, _, distance in
        sum.add(distance, width)
      }.map { $0.value - normalizer })
  }

  /// The best width: the best of every few, then those between its neighbours.
  private static func best(_ score: (Double) -> Double) -> Double {
    let coarse = Array(stride(from: 0, to: widths.count, by: step))
    func first(_ places: [Int]) -> Int {
      let scores = places.map { score(widths[$0]) }
      return places.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    }
    let middle = coarse[first(coarse)]
    let fine = Array(max(0, middle - step + 1)...min(widths.count - 1, middle + step - 1))
    return widths[fine[first(fine)]]
  }
}

/// log Σ exp(-d² / 2σ²), one distance after the other.
private struct LogSum: Sendable {
  private var largest = -Double.infinity
  private var sum = 0.0

  var value: Double { largest + log(sum) }

  @inline(__always)
  mutating func add(_ squaredDistance: Float, _ width: Double) {
    let exponent = -Double(squaredDistance) / (2 * width * width)
    if exponent <= largest {
      // What is smaller changes no digit.
      if exponent > largest - 40 { sum += exp(exponent - largest) }
    } else {
      sum = sum * exp(largest - exponent) + 1
      largest = exponent
    }
  }
}
