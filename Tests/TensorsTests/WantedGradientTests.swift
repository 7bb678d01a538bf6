import Tensors
import Testing

/// Gradients of some variables beside others that nobody asks for.
@Suite struct WantedGradientTests {
  /// A gradient has the same bits whether or not those of the other inputs are wanted.
  @Test(arguments: OperationCase.all, [ElementType.float32, .bfloat16])
  func othersDoNotChangeBits(_ tried: OperationCase, _ type: ElementType) {
    let variables = tried.inputs.enumerated().map { place, input in
      (place < tried.activations ? input.converted(to: type) : input).variable
    }
    func results(_ wanted: [Tensor]) -> (value: UInt32, gradients: [[UInt32]?]) {
      let (value, gradients) = valueAndGradients(of: wanted) {
        let result = tried.operation(variables).converted(to: .float32)
        return (result * RandomSource(seed: 9, purpose: .testing).normal(result.shape)).sum()
      }
      return (
        value.scalar.bitPattern, gradients.map { $0.map { $0.values.map(\.bitPattern) } }
      )
    }
    let all = results(variables)
    for place in variables.indices {
      let one = results([variables[place]])
      #expect(one.value == all.value)
      #expect(one.gradients == [all.gradients[place]], "input \(place)")
      var others = variables
      others.remove(at: place)
      var expected = all.gradients
      expected.remove(at: place)
      #expect(results(others).gradients == expected, "all but input \(place)")
    }
  }

  /// Every kind of product is of shapes that no other test has: what ran can be told from the profile.
  @Test func unwantedWeightsCostNothing() throws {
    let random = RandomSource(seed: 31, purpose: .testing)
    let image = random.at(0).normal([23, 5, 5, 2]).variable
    let weights = [
      random.at(1).normal([3, 2, 3, 3]), random.at(2).normal([3, 2, 2, 2]),
      random.at(3).normal([29, 72]), random.at(4).normal([29, 31]),
    ].map(\.variable)
    func loss() -> Tensor {
      let down = image.convolved(with: weights[0]).tanh()
      let up = down.transposedConvolved(with: weights[1], geometry: .init(stride: 2))
      let flat = up.reshaped(to: [23, 72]).linear(weights: weights[2]).tanh()
      return flat.multiplied(by: weights[3]).sum()
    }
    let (_, some) = valueAndGradients(of: [image]) { loss() }
    #expect(try #require(some[0]).values.contains { $0 != 0 })
    #expect(runsForWeights() == [0, 0, 0, 0])
    let (_, all) = valueAndGradients(of: [image] + weights) { loss() }
    #expect(all.allSatisfy { $0 != nil })
    #expect(runsForWeights() == [1, 1, 1, 1])
    #expect(all[0]?.values == some[0]?.values)
  }

  @Test func unwantedInputsCostNothing() throws {
    let random = RandomSource(seed: 32, purpose: .testing)
    let image = random.at(0).normal([19, 4, 4, 2]).variable
    let weights = random.at(1).normal([2, 2, 3, 3]).variable
    func runs() -> Int {
      Profile.entries.filter { $0.name.hasPrefix("convolution's input gradient, 19x4x4x2") }
        .reduce(0) { $0 + $1.runs }
    }
    _ = valueAndGradients(of: [weights]) { image.convolved(with: weights).sum() }
    #expect(runs() == 0)
    _ = valueAndGradients(of: [weights, image]) { image.convolved(with: weights).sum() }
    #expect(runs() == 1)
  }

  @Test func gradientsFlowThroughUnwantedVariables() throws {
    let (x, y) = (Tensor([3], shape: [1]).variable, Tensor([5], shape: [1]).variable)
    let (_, ofX) = valueAndGradients(of: [x]) { (x * y * x).sum() }
    #expect(try #require(ofX[0]).values == [30])
    let (_, ofY) = valueAndGradients(of: [y]) { (x * y * x).sum() }
    #expect(try #require(ofY[0]).values == [9])
    #expect(valueAndGradients(of: [Tensor]()) { (x * y).sum() }.value.scalar == 15)
    #expect(valueAndGradients(of: [x, y]) { y.sum() }.gradients[0] == nil)
  }

  @Test func aValueMayBeTheVariableItself() throws {
    let (x, y) = (Tensor(2).variable, Tensor(7).variable)
    let (value, gradients) = valueAndGradients(of: [x, y, x]) { x }
    #expect(value.scalar == 2)
    #expect(gradients.map { $0?.scalar } == [1, nil, 1])
  }

  /// The inner call's gradients are constants to the outer one, and it leaves the outer one's way back as it is.
  @Test func aCallWithinAnotherIsOfItsOwn() throws {
    let (x, y) = (Tensor(3).variable, Tensor(5).variable)
    let (_, gradients) = try valueAndGradients(of: [x]) {
      let square = x * x
      let inner = valueAndGradients(of: [y, square]) { square * y * y * x }
      // 2 x³ y and x y²: constants.
      let (ofY, ofSquare) = (
        try #require(inner.gradients[0]), try #require(inner.gradients[1])
      )
      #expect(ofY.scalar == 270)
      #expect(ofSquare.scalar == 75)
      return square * ofY + ofSquare * x
    }
    #expect(try #require(gradients[0]).scalar == 6 * 270 + 75)
  }

  private func runsForWeights() -> [Int] {
    [
      "convolution's weight gradient, 23x5x5x2", "convolution's weight gradient, 23x6x6x2",
      "product, 29x23x72", "product, 29x23x31",
    ].map { name in
      Profile.entries.filter { $0.name.hasPrefix(name) }.reduce(0) { $0 + $1.runs }
    }
  }
}
