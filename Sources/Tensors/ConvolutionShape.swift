import COneDNN

/// How a kernel moves over an image.
///
/// Negative padding leaves rows or columns of the input unread, as causal kernels do.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Pixels between neighbouring outputs, down and across.
  public var stride: (height: Int, width: Int) { (strideHeight, strideWidth) }
  /// Pixels between neighbouring taps, down and across; 1 is a dense kernel.
  public var dilation: (height: Int, width: Int) { (dilationHeight, dilationWidth) }
  let strideHeight: Int
  let strideWidth: Int
  let dilationHeight: Int
  let dilationWidth: Int
  /// Rows and columns of zeros around the input.
  public let top: Int, left: Int, bottom: Int, right: Int

  /// A geometry with these paddings.
  public init(
    top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0, stride: Int = 1, dilation: Int = 1
  ) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
    strideHeight = stride
    strideWidth = stride
    dilationHeight = dilation
    dilationWidth = dilation
  }

  /// Zeros around the input such that a stride of 1 keeps its size, for odd kernels.
  public static func same(kernel: (height: Int, width: Int), dilation: Int = 1) -> Self {
    let rows = (kernel.height - 1) * dilation
    let columns = (kernel.width - 1) * dilation
    return Self(
      top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2,
      dilation: dilation)
  }

  /// The output's height and width for an input and a kernel.
  func outputSize(height: Int, width: Int, kernelHeight: Int, kernelWidth: Int) -> (Int, Int) {
    let rows = height + top + bottom - (kernelHeight - 1) * dilationHeight - 1
    let columns = width + left + right - (kernelWidth - 1) * dilationWidth - 1
    precondition(rows >= 0 && columns >= 0, "a kernel larger than its padded input")
    return (rows / strideHeight + 1, columns / strideWidth + 1)
  }
}

/// Every size of one convolution.
package struct ConvolutionShape: Hashable, Sendable {
  let batch: Int
  let inputHeight: Int, inputWidth: Int, inputChannels: Int
  let outputHeight: Int, outputWidth: Int, outputChannels: Int
  let kernelHeight: Int, kernelWidth: Int
  let geometry: ConvolutionGeometry

  /// The convolution of NHWC images with `[output, input, height, width]` weights.
  init(input: Shape, weights: Shape, geometry: ConvolutionGeometry) {
    precondition(input.rank == 4 && weights.rank == 4, "a convolution of \(input) with \(weights)")
    precondition(input[3] == weights[1], "channels differ: \(input) and weights \(weights)")
    let (rows, columns) = geometry.outputSize(
      height: input[1], width: input[2], kernelHeight: weights[2], kernelWidth: weights[3])
    self.init(
      batch: input[0], input: (input[1], input[2]), output: (rows, columns), weights: weights,
      geometry: geometry)
  }

  init(
    batch: Int, input: (Int, Int), output: (Int, Int), weights: Shape, geometry: ConvolutionGeometry
  ) {
    self.batch = batch
    (inputHeight, inputWidth) = input
    (outputHeight, outputWidth) = output
    inputChannels = weights[1]
    outputChannels = weights[0]
    kernelHeight = weights[2]
    kernelWidth = weights[3]
    self.geometry = geometry
  }

  /// The same of other images in number.
  func with(batch: Int) -> ConvolutionShape {
    ConvolutionShape(
      batch: batch, input: (inputHeight, inputWidth), output: (outputHeight, outputWidth),
      weights: weightsShape, geometry: geometry)
  }

  var inputShape: Shape { [batch, inputHeight, inputWidth, inputChannels] }
  var outputShape: Shape { [batch, outputHeight, outputWidth, outputChannels] }
  var weightsShape: Shape { [outputChannels, inputChannels, kernelHeight, kernelWidth] }

  var native: onednn_convolution {
    onednn_convolution(
      batch: Int64(batch), input_height: Int64(inputHeight), input_width: Int64(inputWidth),
      input_channels: Int64(inputChannels), output_height: Int64(outputHeight),
      output_width: Int64(outputWidth), output_channels: Int64(outputChannels),
      kernel_height: Int64(kernelHeight), kernel_width: Int64(kernelWidth),
      stride_height: Int64(geometry.strideHeight), stride_width: Int64(geometry.strideWidth),
      dilation_height: Int64(geometry.dilationHeight),
      dilation_width: Int64(geometry.dilationWidth),
      padding_top: Int64(geometry.top), padding_left: Int64(geometry.left))
  }
}
