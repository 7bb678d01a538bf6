import Tensors
import TestSupport
import Testing

/// Linear maps of which an output sees only some inputs.
@Suite struct LinearMaskTests {
  private static let random = RandomSource(seed: 43, purpose: .testing)

  /// Ranks of inputs and reaches of outputs: rising, so that whole blocks are hidden, or shuffled.
  enum Arrangement: CaseIterable {
    case rising, shuffled

    func mask(inputs: Int, outputs: Int) -> LinearMask {
      let ranks = self == .rising ? Array(0..<inputs) : random.at(1).permutation(inputs)
      let reaches = (0..<outputs).map { $0 * inputs / outputs }
      let order = self == .rising ? Array(0..<outputs) : random.at(2).permutation(outputs)
      return LinearMask(ranks: ranks, reaches: order.map { reaches[$0] })
    }
  }

  /// Rows, inputs and outputs: a few for a small product, and for one that streams weights by blocks.
  private static let sizes = [(3, 5, 7), (9, 610, 203), (25, 203, 700), (70, 64, 300)]

  /// The same as with weights that hold zeros, both ways, for few rows and many, in both types.
  @Test(arguments: sizes, Arrangement.allCases)
  func hiddenWeightsAreZeros(_ size: (Int, Int, Int), _ arrangement: Arrangement) throws {
    let (rows, inputs, outputs) = size
    let mask = arrangement.mask(inputs: inputs, outputs: outputs)
    let weights = Self.random.at(3).normal([outputs, inputs]).variable
    let bias = Self.random.at(4).normal([outputs])
    let zeroed = mask.masked(weights)
    #expect(zeroed.values.contains(0) && zeroed.values.contains { $0 != 0 })
    for type in ElementType.allCases {
      let x = Self.random.at(5).normal([rows, inputs]).converted(to: type).variable
      let slope = Self.random.at(6).normal([rows, outputs])
      let plain = zeroed.variable
      let (value, gradients) = valueAndGradients(of: [x, weights]) {
        (x.linear(weights: weights, bias: bias, mask: mask).converted(to: .float32) * slope).sum()
      }
      let (expected, expectedGradients) = valueAndGradients(of: [x, plain]) {
        (x.linear(weights: plain, bias: bias).converted(to: .float32) * slope).sum()
      }
      #expect(abs(value.scalar - expected.scalar) <= 1e-4 * abs(expected.scalar) + 1e-2)
      let ofX = try #require(gradients[0]), ofPlainX = try #require(expectedGradients[0])
      #expect(
        Comparison.difference(
          ofX.converted(to: .float32), ofPlainX.converted(to: .float32), relative: 0.01,
          absolute: type == .float32 ? 1e-4 : 0.1) == nil)
      // Hidden weights have no gradient at all.
      let ofWeights = try #require(gradients[1])
      let ofPlain = mask.masked(try #require(expectedGradients[1]))
      #expect(Comparison.difference(ofWeights, ofPlain, relative: 1e-4, absolute: 1e-3) == nil)
      #expect(
        zip(ofWeights.values, zeroed.values).allSatisfy { $0 == 0 || $1 != 0 })
    }
  }

  /// Packed forms of one mask are not taken for those of another, or of none.
  @Test func eachMaskHasItsOwnForm() {
    let weights = Self.random.at(7).normal([40, 30])
    let x = Self.random.at(8).normal([80, 30])
    let masks = Arrangement.allCases.map { $0.mask(inputs: 30, outputs: 40) }
    for mask in masks + masks {
      let found = x.linear(weights: weights, mask: mask)
      let expected = x.linear(weights: mask.masked(weights).copied)
      #expect(Comparison.difference(found, expected) == nil)
    }
    #expect(x.linear(weights: weights).values != x.linear(weights: weights, mask: masks[0]).values)
  }

  /// Parts of a batch under masks of their own are summed each under its own.
  @Test func partsKeepTheirMasks() throws {
    let weights = Self.random.at(9).normal([160, 140]).variable
    let x = Self.random.at(10).normal([8, 140])
    let masks = Arrangement.allCases.map { $0.mask(inputs: 140, outputs: 160) }
    let (_, together) = valueAndGradients(of: [weights]) {
      masks.map { x.linear(weights: weights, mask: $0).squared().sum() }.reduce(Tensor(0), +)
    }
    let apart = try masks.map { mask in
      try #require(
        valueAndGradients(of: [weights]) {
          x.linear(weights: weights, mask: mask).squared().sum()
        }.gradients[0])
    }
    let sum = try #require(together[0])
    #expect(Comparison.difference(sum, apart[0] + apart[1], relative: 1e-4, absolute: 1e-3) == nil)
  }
}
