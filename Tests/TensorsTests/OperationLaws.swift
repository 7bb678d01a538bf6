import Tensors
import TestSupport
import Testing

/// What holds of every operation.
@Suite struct OperationLaws {
  @Test(arguments: OperationCase.all)
  func gradientsEqualFiniteDifferences(_ tried: OperationCase) {
    #expect(GradientCheck().failures(of: tried.inputs, tried.operation) == [])
  }

  /// Values and gradients in bfloat16 are float32's, rounded.
  @Test(arguments: OperationCase.all)
  func bfloat16AgreesWithFloat32(_ tried: OperationCase) {
    let narrow = tried.inputs.enumerated().map { place, input in
      place < tried.activations ? input.converted(to: .bfloat16) : input
    }
    // Both start from the same values.
    let wide = narrow.map { $0.converted(to: .float32) }
    let (value, gradients) = results(tried, wide)
    let (narrowValue, narrowGradients) = results(tried, narrow)
    let tolerance = tried.roundingTolerance
    #expect(Comparison.differenceByLargest(narrowValue, value, tolerance: tolerance) == nil)
    for (number, (mine, theirs)) in zip(narrowGradients, gradients).enumerated() {
      guard let mine, let theirs else {
        Issue.record("input \(number) has no gradient")
        continue
      }
      #expect(mine.elementType == narrow[number].elementType)
      #expect(
        Comparison.differenceByLargest(mine, theirs, tolerance: tolerance) == nil,
        "gradient of input \(number)")
    }
  }

  @Test func recordsNothingOutsideABody() {
    let variable = Tensor([1, 2], shape: [2]).variable
    #expect((variable * variable).node == nil)
    #expect(valueAndGradients(of: [variable]) { variable.detached.sum() }.gradients[0] == nil)
  }

  /// The value, and the gradients of its projection on fixed random numbers.
  private func results(_ tried: OperationCase, _ inputs: [Tensor]) -> (Tensor, [Tensor?]) {
    let value = tried.operation(inputs)
    let weights = RandomSource(seed: 9, purpose: .testing).normal(value.shape)
    let variables = inputs.map(\.variable)
    let (_, gradients) = valueAndGradients(of: variables) {
      (tried.operation(variables).converted(to: .float32) * weights).sum()
    }
    return (value, gradients)
  }
}
