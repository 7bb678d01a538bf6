public import Tensors

/// A transposed convolution of NHWC images, the way up of a decoder.
///
/// It spreads each pixel over the window that a convolution of the same geometry would have read.
public struct TransposedConvolution: Sendable {
  /// Float32 `[inputs, outputs, height, width]`, as in PyTorch.
  public let weight: Parameter
  /// Float32 `[outputs]`.
  public let bias: Parameter?
  /// Padding, stride and dilation of the convolution that this one transposes.
  public let geometry: ConvolutionGeometry

  /// Registers `weight` and, unless switched off, `bias` under `scope`.
  public init(
    _ scope: Scope, _ inputs: Int, _ outputs: Int, kernel: (height: Int, width: Int),
    geometry: ConvolutionGeometry = .init(), bias: Bool = true, gain: Float = 1
  ) {
    // Each output is the sum of about this many products.
    let stride = geometry.stride
    let reached = inputs * kernel.height * kernel.width / (stride.height * stride.width)
    weight = scope.parameter(
      "weight", [inputs, outputs, kernel.height, kernel.width],
      .scaled(inputs: reached, gain: gain))
    self.bias = bias ? scope.parameter("bias", [outputs], .constant(0)) : nil
    self.geometry = geometry
  }

  /// Images of `inputs` channels to larger ones of `outputs` channels; by default of the smallest size that fits.
  public func callAsFunction(
    _ x: Tensor, outputSize: (height: Int, width: Int)? = nil
  ) -> Tensor {
    x.transposedConvolved(
      with: weight.value, bias: bias?.value, geometry: geometry, outputSize: outputSize)
  }
}
