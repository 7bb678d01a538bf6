/// An operation of the gradient graph with its way back.
///
/// Operations record themselves while `valueAndGradients` runs its body, if any input depends on the variables asked for.
final class RecordedOperation: GradientNode, @unchecked Sendable {
  /// Takes the gradient of the output to those of the inputs; nil means zero.
  typealias Backward = (Tensor) -> [Tensor?]
  /// How the gradient of one input follows from the output's as a product.
  typealias Product = (input: Int, make: (Tensor) -> LowRankGradient)

  private(set) var backward: Backward?
  /// The gradient of one more input, as a product.
  private(set) var product: Product?

  init(inputs: [GradientNode?], backward: @escaping Backward, product: Product?) {
    self.backward = backward
    self.product = product
    super.init(inputs: inputs)
  }

  /// Drops the way back, with all that it holds, once it has been gone.
  func forget() {
    backward = nil
    product = nil
  }
}
