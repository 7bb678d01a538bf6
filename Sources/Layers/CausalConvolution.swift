public import Tensors

/// The dense, shifted kernels of a causal stack: the same functions as masked convolutions, with
/// half their arithmetic (van den Oord and others 2016, "Conditional Image Generation with PixelCNN
/// Decoders", section 2.2).
public enum CausalConvolution {
  /// Which pixels one kernel sees, relative to the pixel that it computes.
  public enum Reach: Sendable {
    /// Rows strictly above, columns to both sides.
    case above
    /// The pixel's row and those above, columns to both sides.
    case aboveAndHere
    /// Columns strictly to the left in the pixel's row.
    case left
    /// The pixel and those to its left.
    case leftAndHere
  }

  /// The geometry that shifts a kernel of this size, its taps `dilation` pixels apart, so that it has that reach.
  public static func geometry(
    _ reach: Reach, kernel: (height: Int, width: Int), dilation: Int = 1
  ) -> ConvolutionGeometry {
    let (rows, columns) = ((kernel.height - 1) * dilation, (kernel.width - 1) * dilation)
    let side = kernel.width / 2 * dilation
    let (top, left, bottom, right) =
      switch reach {
      case .above: (rows + 1, side, -1, columns - side)
      case .aboveAndHere: (rows, side, 0, columns - side)
      case .left: (0, columns + 1, 0, -1)
      case .leftAndHere: (0, columns, 0, 0)
      }
    return .init(top: top, left: left, bottom: bottom, right: right, dilation: dilation)
  }
}

extension Convolution {
  /// A causal convolution with this reach; kernels of the two horizontal reaches are one row high.
  public init(
    _ scope: Scope, _ inputs: Int, _ outputs: Int, reach: CausalConvolution.Reach,
    kernel: (height: Int, width: Int), dilation: Int = 1, bias: Bool = true, gain: Float = 1
  ) {
    self.init(
      scope, inputs, outputs, kernel: kernel,
      geometry: CausalConvolution.geometry(reach, kernel: kernel, dilation: dilation), bias: bias,
      gain: gain)
  }
}
