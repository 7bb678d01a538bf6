package import Layers
package import Models

/// Where a step's gradients come from: the seam at which another source can sum them over machines.
package protocol GradientSource: Sendable {
  /// The images of a step as it learns from them, moved about where they are to be.
  func batch(_ indices: [Int], step: Int) -> ImageBatch

  /// The objective's scalar over a step's images, its mean, and the gradients of the objective's parameters, in their
  /// order.
  ///
  /// - Parameter progress: the share of the training behind, 0...1.
  func gradients(
    of objective: Objective, _ indices: [Int], step: Int, progress: Double
  ) -> (value: Float, gradients: GradientSum)
}
