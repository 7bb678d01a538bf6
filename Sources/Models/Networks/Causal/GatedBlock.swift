import Layers
import Tensors

/// One gated layer of both stacks.
struct GatedBlock: Sendable {
  let vertical: Convolution
  let horizontal: Convolution
  let fromVertical: Convolution
  /// What the next layer's horizontal stack gets; nil in the last layer.
  let residual: Convolution?
  let skip: Convolution
  /// From a one-hot class and order to the horizontal gate, or nil where there is one of each.
  let condition: Linear?
  /// From a one-hot order to the vertical gate, or nil where there is one.
  let verticalCondition: Linear?

  /// What the classes and the orders of some images add to a layer's gates, float32 `[images, 2 * channels]`.
  struct Conditions {
    let vertical: Tensor?, horizontal: Tensor?
  }

  /// - Parameters:
  ///   - dilation: how many pixels apart the vertical kernel's taps are.
  ///   - classCount: 0 where there are no classes.
  ///   - orderCount: 0 where there is one order.
  init(
    _ scope: Scope, channels: Int, kernel: Int, dilation: Int, classCount: Int, orderCount: Int,
    isLast: Bool
  ) {
    let half = kernel / 2 + 1
    vertical = Convolution(
      scope / "vertical", channels, 2 * channels, reach: .aboveAndHere, kernel: (half, kernel),
      dilation: dilation)
    horizontal = Convolution(
      scope / "horizontal", channels, 2 * channels, reach: .leftAndHere, kernel: (1, half))
    fromVertical = Convolution(
      scope / "from_vertical", channels, 2 * channels, kernel: (1, 1), bias: false)
    residual = isLast ? nil : Convolution(scope / "residual", channels, channels, kernel: (1, 1))
    skip = Convolution(scope / "skip", channels, channels, kernel: (1, 1))
    condition =
      classCount + orderCount > 0
      ? Linear(scope / "condition", classCount + orderCount, 2 * channels, bias: false) : nil
    verticalCondition =
      orderCount > 0
      ? Linear(scope / "vertical_condition", orderCount, 2 * channels, bias: false) : nil
  }
}
