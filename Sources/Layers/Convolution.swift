public import Tensors

/// A two-dimensional convolution of NHWC images with a kernel of its own geometry.
public struct Convolution: Sendable {
  /// Float32 `[outputs, inputs, height, width]`.
  public let weight: Parameter
  /// Float32 `[outputs]`.
  public let bias: Parameter?
  /// Padding, stride and dilation.
  public let geometry: ConvolutionGeometry

  /// Registers `weight` and, unless switched off, `bias` under `scope`.
  ///
  /// - Parameters:
  ///   - kernel: height and width.
  ///   - geometry: nil keeps the image's size.
  public init(
    _ scope: Scope, _ inputs: Int, _ outputs: Int, kernel: (height: Int, width: Int),
    geometry: ConvolutionGeometry? = nil, bias: Bool = true, gain: Float = 1
  ) {
    let fanIn = inputs * kernel.height * kernel.width
    weight = scope.parameter(
      "weight", [outputs, inputs, kernel.height, kernel.width], .scaled(inputs: fanIn, gain: gain))
    self.bias = bias ? scope.parameter("bias", [outputs], .constant(0)) : nil
    self.geometry = geometry ?? .same(kernel: kernel)
  }

  /// `[batch, height, width, inputs]` to `[batch, height, width, outputs]`, plus `addend` where one is given.
  public func callAsFunction(_ x: Tensor, adding addend: consuming Tensor? = nil) -> Tensor {
    x.convolved(with: weight.value, bias: bias?.value, geometry: geometry, adding: addend)
  }
}
