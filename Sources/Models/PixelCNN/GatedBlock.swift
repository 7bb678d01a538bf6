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
  /// From a one-hot class to the gate, or nil in an unconditional model.
  let condition: Linear?

  init(_ scope: Scope, channels: Int, kernel: Int, classCount: Int, isLast: Bool) {
    let half = kernel / 2 + 1
    vertical = Convolution(
      scope / "vertical", channels, 2 * channels, reach: .aboveAndHere, kernel: (half, kernel))
    horizontal = Convolution(
      scope / "horizontal", channels, 2 * channels, reach: .leftAndHere, kernel: (1, half))
    fromVertical = Convolution(
      scope / "from_vertical", channels, 2 * channels, kernel: (1, 1), bias: false)
    residual = isLast ? nil : Convolution(scope / "residual", channels, channels, kernel: (1, 1))
    skip = Convolution(scope / "skip", channels, channels, kernel: (1, 1))
    condition =
      classCount > 0
      ? Linear(scope / "condition", classCount, 2 * channels, bias: false) : nil
  }
}
