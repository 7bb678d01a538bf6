import Layers
import Platform
import Tensors
import TestSupport
import Testing

/// Spectral normalisation against singular values by plain loops.
@Suite struct SpectralNormalizationTests {
  private let store = ParameterStore(seed: 3)

  /// The largest singular value of a matrix, by many iterations of WᵀW.
  private func largest(_ values: [Float], rows: Int, columns: Int) -> Double {
    let matrix = values.map(Double.init)
    var vector = (0..<columns).map { 1 + 0.01 * Double($0) }
    var norm = 0.0
    for _ in 0..<2000 {
      let image = (0..<rows).map { row in
        (0..<columns).reduce(0.0) { $0 + matrix[row * columns + $1] * vector[$1] }
      }
      vector = (0..<columns).map { column in
        (0..<rows).reduce(0.0) { $0 + matrix[$1 * columns + column] * image[$1] }
      }
      norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vector = vector.map { $0 / norm }
    }
    return norm.squareRoot()
  }

  @Test func stretchesNothing() {
    let weight = store.root.parameter("weight", [6, 2, 5], .normal(deviation: 1))
    let norm = SpectralNormalization(store.root, weight)
    let before = norm.value.values
    for _ in 0..<300 { norm.update() }
    let singular = largest(weight.value.values, rows: 6, columns: 10)
    let expected = weight.value * Float(1 / singular)
    #expect(Comparison.difference(norm.value, expected, absolute: 1e-4) == nil)
    #expect(abs(largest(norm.value.values, rows: 6, columns: 10) - 1) < 1e-3)
    // A vector that is not yet the singular one finds less stretching.
    #expect(abs(largest(before, rows: 6, columns: 10) - 1) > 1e-2)
  }

  /// The norm changes with the weights: a step along them changes nothing.
  @Test func gradientHeedsTheNorm() throws {
    let weight = store.root.parameter("weight", [4, 5], .normal(deviation: 1))
    let norm = SpectralNormalization(store.root, weight)
    for _ in 0..<300 { norm.update() }
    let projection = RandomSource(seed: 8, purpose: .testing).normal([4, 5])
    let (_, gradients) = valueAndGradients(of: [weight.value]) {
      (norm.value * projection).sum()
    }
    let gradient = try #require(gradients[0])
    let along = (gradient * weight.value.detached).sum().scalar
    #expect(abs(along) < 1e-4)
    #expect(gradient.squared().sum().scalar > 0.01)
    func value(_ distance: Float) -> Double {
      let start = weight.value.detached
      weight.assign(start + gradient * distance)
      defer { weight.assign(start) }
      return Double((norm.value * projection).sum().scalar)
    }
    let slope = (value(1.0 / 64) - value(-1.0 / 64)) * 32
    let length = Double(gradient.squared().sum().scalar)
    #expect(abs(slope - length) < 0.02 * length)
  }
}
