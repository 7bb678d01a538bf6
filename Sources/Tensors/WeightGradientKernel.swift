import CKernels

/// Our own gradient of a convolution's weights, for shapes and processors where it is faster than oneDNN's.
struct WeightGradientKernel {
  private let shape: kernels_convolution

  /// The kernel, or nil where it does not serve the shape.
  fileprivate init?(_ shape: kernels_convolution) {
    let serves = withUnsafePointer(to: shape) { kernels_convolution_serves($0) }
    guard serves else { return nil }
    self.shape = shape
  }

  /// Writes the gradients of weights and bias, on the calling thread.
  func run(
    input: UnsafeRawPointer, gradient: UnsafeRawPointer, weights: UnsafeMutablePointer<Float>,
    bias: UnsafeMutablePointer<Float>?
  ) {
    withUnsafePointer(to: shape) { shape in
      let scratch = BufferPool.shared.take(byteCount: Int(kernels_convolution_scratch(shape)))
      withExtendedLifetime(scratch) {
        kernels_convolution_weight_gradient(shape, input, gradient, weights, bias, scratch.pointer)
      }
    }
  }
}

extension ConvolutionShape {
  /// The kernel that serves this shape, if any.
  func weightGradientKernel(_ elementType: ElementType) -> WeightGradientKernel? {
    WeightGradientKernel(
      kernels_convolution(
        batch: Int64(batch), input_height: Int64(inputHeight), input_width: Int64(inputWidth),
        input_channels: Int64(inputChannels), output_height: Int64(outputHeight),
        output_width: Int64(outputWidth), output_channels: Int64(outputChannels),
        kernel_height: Int64(kernelHeight), kernel_width: Int64(kernelWidth),
        stride_height: Int64(geometry.strideHeight), stride_width: Int64(geometry.strideWidth),
        dilation_height: Int64(geometry.dilationHeight),
        dilation_width: Int64(geometry.dilationWidth),
        padding_top: Int64(geometry.top), padding_left: Int64(geometry.left),
        type: elementType.kernels))
  }
}
