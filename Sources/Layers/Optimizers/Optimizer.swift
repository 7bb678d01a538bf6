public import Tensors

/// What changes parameters by the gradients of a loss, step by step.
public protocol Optimizer: AnyObject {
  /// Steps made so far.
  var step: Int { get }

  /// Changes every parameter that has a gradient.
  ///
  /// - Parameter clippingNorm: gradients whose joint Euclidean norm is larger are scaled down to it.
  /// - Returns: whether anything was changed: nothing is where the norm is not finite.
  @discardableResult
  func update(_ gradients: GradientSum, learningRate: Float, clippingNorm: Float) -> Bool

  /// Everything that a checkpoint must keep, by name.
  var state: [String: Tensor] { get }

  /// Continues where `state` and `step` were taken; missing names keep their zeros.
  func restore(_ state: [String: Tensor], step: Int)
}

extension Optimizer {
  /// Changes every parameter that has a gradient, however large it is; nothing where any is not finite, and then gives
  /// false.
  @discardableResult
  public func update(_ gradients: GradientSum, learningRate: Float) -> Bool {
    update(gradients, learningRate: learningRate, clippingNorm: .infinity)
  }
}
