public import Tensors

/// `x + conv(silu(conv(silu(x))))` with 3x3 kernels (He and others 2016, Identity Mappings in Deep
/// Residual Networks, figure 4e, without normalisation).
public struct ResidualBlock: Sendable {
  private let first: Convolution
  private let second: Convolution

  /// Registers `first` and `second` under `scope`.
  public init(_ scope: Scope, channels: Int) {
    first = Convolution(
      scope / "first", channels, channels, kernel: (3, 3), gain: Float(2).squareRoot())
    second = Convolution(scope / "second", channels, channels, kernel: (3, 3), gain: 0.3)
  }

  /// `[batch, height, width, channels]` to the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    second(first(x.silu()).silu(), adding: x)
  }
}
