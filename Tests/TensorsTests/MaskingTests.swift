import Tensors
import TestSupport
import Testing

/// Linear maps under masks, whose weights are multiplied once.
@Suite struct MaskingTests {
  private let random = RandomSource(seed: 41, purpose: .testing)

  private func mask(_ rows: Int, _ columns: Int, share: Float, index: Int) -> Tensor {
    Tensor(
      random.at(index).uniforms(rows * columns).map { $0 < share ? 1 : 0 }, shape: [rows, columns])
  }

  private func expected(_ x: Tensor, _ weights: Tensor, _ mask: Tensor) -> [Float] {
    let (x, w, m) = (x.values, weights.values, mask.values)
    let (outputs, inputs) = (mask.shape[0], mask.shape[1])
    return (0..<x.count / inputs).flatMap { row in
      (0..<outputs).map { output in
        Float(
          (0..<inputs).reduce(0.0) { sum, input in
            let place = output * inputs + input
            return m[place] == 0
              ? sum : sum + Double(w[place]) * Double(x[row * inputs + input])
          })
      }
    }
  }

  @Test func productsFollowMaskAndWeights() {
    let x = random.at(0).normal([6, 20])
    let weights = random.at(1).normal([10, 20])
    let masks = (2..<14).map { mask(10, 20, share: 0.5, index: $0) }
    func compare(_ mask: Tensor) {
      let found = x.linear(weights: weights, mask: mask)
      let expected = expected(x, weights, mask)
      #expect(Comparison.difference(found.values, expected, absolute: 1e-5) == nil)
    }
    // More masks than are kept, twice; then new weights in the same memory.
    for mask in masks + masks { compare(mask) }
    weights.updateByMomentum(
      gradient: random.at(30).normal([10, 20]), velocity: Tensor(repeating: 0, shape: [10, 20]),
      learningRate: 1, momentum: 0, weightDecay: 0, gradientScale: 1, range: 0..<200)
    for mask in masks { compare(mask) }
    compare(masks[11])
    weights.updateInPlace { $0[0] = 100 }
    compare(masks[11])
  }

  /// What is masked does not count, whatever it is.
  @Test func maskedWeightsMayBeNaN() throws {
    let x = random.at(0).normal([3, 4]).variable
    let weights = Tensor([1, .nan, 2, .infinity], shape: [1, 4]).variable
    let mask = Tensor([1, 0, 1, 0], shape: [1, 4])
    let (value, gradients) = valueAndGradients(of: [x, weights]) {
      x.linear(weights: weights, mask: mask).sum()
    }
    #expect(value.scalar.isFinite)
    #expect(try #require(gradients[0]).values == [1, 0, 2, 0, 1, 0, 2, 0, 1, 0, 2, 0])
    let ofWeights = try #require(gradients[1]).values
    #expect(ofWeights[1] == 0 && ofWeights[3] == 0 && ofWeights[0] != 0)
  }

  /// Large weights, whose gradients parts of a batch leave as products, under one mask or two.
  @Test(arguments: [ElementType.float32, .bfloat16], [false, true])
  func partsOfABatchAddUp(_ type: ElementType, _ differ: Bool) throws {
    let weights = random.at(1).normal([130, 140]).variable
    let masks = [2, differ ? 3 : 2].map { mask(130, 140, share: 0.3, index: $0) }
    let shared = differ ? masks : [masks[0], masks[0]]
    let inputs = (4..<6).map { random.at($0).normal([5, 140]).converted(to: type) }
    let parts = zip(inputs, shared).map { input, mask in
      valueAndGradientParts(of: [weights]) {
        input.linear(weights: weights, mask: mask).converted(to: .float32).sum()
      }.gradients[0]
    }
    let tensors = GradientPart.tensors(parts)
    #expect(tensors.count == (differ ? 2 : 1))
    let found = tensors.dropFirst().reduce(tensors[0]) { $0 + $1 }.values
    for place in found.indices {
      let expected = zip(inputs.map(\.values), shared.map(\.values)).reduce(Float(0)) { sum, pair in
        guard pair.1[place] != 0 else { return sum }
        let column = pair.0
        return (0..<5).reduce(sum) { $0 + column[$1 * 140 + place % 140] }
      }
      guard abs(found[place] - expected) < 1e-3 else {
        Issue.record("element \(place) is \(found[place]), not \(expected)")
        return
      }
    }
  }
}
