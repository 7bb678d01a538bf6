public import Tensors

extension ConvolutionGeometry {
  /// A square, odd kernel centred on each pixel, or on every `stride`-th: `ceil(size / stride)` outputs.
  public static func around(kernel: Int, stride: Int) -> ConvolutionGeometry {
    let side = kernel / 2
    return ConvolutionGeometry(
      top: side, left: side, bottom: side, right: side, stride: stride)
  }
}
