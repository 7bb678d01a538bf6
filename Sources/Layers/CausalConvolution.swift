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

  /// The geometry that shifts a kernel of this size so that it has that reach.
  public static func geometry(_ reach: Reach, kernel: (height: Int, width: Int))
    -> ConvolutionGeometry
  {
    let side = kernel.width / 2
    switch reach {
    case .above:
      return .init(top: kernel.height, left: side, bottom: -1, right: kernel.width - 1 - side)
    case .aboveAndHere:
      return .init(top: kernel.height - 1, left: side, bottom: 0, right: kernel.width - 1 - side)
    case .left: return .init(left: kernel.width, right: -1)
    case .leftAndHere: return .init(left: kernel.width - 1, right: 0)
    }
  }
}

extension Convolution {
  /// A causal convolution with this reach; kernels of the two horizontal reaches are one row high.
  public init(
    _ scope: Scope, _ inputs: Int, _ outputs: Int, reach: CausalConvolution.Reach,
    kernel: (height: Int, width: Int), bias: Bool = true, gain: Float = 1
  ) {
    self.init(
      scope, inputs, outputs, kernel: kernel,
      geometry: CausalConvolution.geometry(reach, kernel: kernel), bias: bias, gain: gain)
  }
}
