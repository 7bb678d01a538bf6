import Tensors
import TestSupport
import Testing

/// Weights are packed for products and kept with their memory.
@Suite struct PackedWeightsTests {
  private let random = RandomSource(seed: 41, purpose: .testing)

  private func expected(_ x: Tensor, _ weights: Tensor) -> [Float] {
    let (x, w) = (x.values, weights.values)
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    return (0..<x.count / inputs).flatMap { row in
      (0..<outputs).map { output in
        Float(
          (0..<inputs).reduce(0.0) {
            $0 + Double(w[output * inputs + $1]) * Double(x[row * inputs + $1])
          })
      }
    }
  }

  /// Packed forms of former values are dropped, whatever changes the memory.
  @Test func productsFollowWeightsThatChangeInPlace() {
    let x = random.at(0).normal([6, 20])
    let weights = random.at(1).normal([10, 20])
    func compare() {
      let found = x.linear(weights: weights).values
      #expect(Comparison.difference(found, expected(x, weights), absolute: 1e-5) == nil)
    }
    compare()
    weights.updateByMomentum(
      gradient: random.at(30).normal([10, 20]), velocity: Tensor(repeating: 0, shape: [10, 20]),
      learningRate: 1, momentum: 0, weightDecay: 0, gradientScale: 1, range: 0..<200)
    compare()
    weights.updateInPlace { $0[0] = 100 }
    compare()
  }
}
