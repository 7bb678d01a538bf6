import Layers
import Tensors

/// The resolutions at which a convolutional network works: halved until no side is above 8.
struct Resolutions {
  /// The image's own size, then each half of the one before.
  let sizes: [(height: Int, width: Int)]

  init(_ shape: ImageShape) {
    var sizes = [(height: shape.height, width: shape.width)]
    while let last = sizes.last, max(last.height, last.width) > 8 {
      sizes.append(((last.height + 1) / 2, (last.width + 1) / 2))
    }
    self.sizes = sizes
  }

  /// The resolutions that a way down ends its steps at: all but the image's own, unless there is no other.
  var downward: Range<Int> { sizes.count == 1 ? 0..<1 : 1..<sizes.count }

  /// Channels at a resolution: `channels` at the first half, twice that at the next, four times from there.
  static func channels(at index: Int, of channels: Int) -> Int {
    switch index {
    case 0: max(1, channels / 2)
    case 1: channels
    case 2: 2 * channels
    default: 4 * channels
    }
  }
}

/// Strided convolutions, each followed by a residual block, then a dense layer.
struct ConvolutionalEncoder: EncoderNetwork {
  let featureCount: Int
  private let stages: [(convolution: Convolution, block: ResidualBlock)]
  private let dense: Linear

  init(_ scope: Scope, shape: ImageShape, channels: Int, hidden: Int) {
    let resolutions = Resolutions(shape)
    let sizes = resolutions.sizes
    let gain = Float(2).squareRoot()
    var inputs = shape.channels
    stages = resolutions.downward.map { index in
      let outputs = Resolutions.channels(at: index, of: channels)
      let convolution = Convolution(
        scope / "down\(index)", inputs, outputs, kernel: (5, 5),
        geometry: .around(kernel: 5, stride: index == 0 ? 1 : 2), gain: gain)
      inputs = outputs
      return (convolution, ResidualBlock(scope / "block\(index)", channels: outputs))
    }
    let last = sizes[sizes.count - 1]
    featureCount = hidden
    dense = Linear(scope / "dense", last.height * last.width * inputs, hidden, gain: gain)
  }

  func callAsFunction(_ image: Tensor, _ dropout: FeatureDropout) -> Tensor {
    let features = stages.enumerated().reduce(image) { x, stage in
      stage.element.block(dropout(stage.element.convolution(x), at: stage.offset))
    }.silu()
    let flat = features.reshaped(to: [image.shape[0], features.count / image.shape[0]])
    return dense(dropout(flat, at: stages.count)).silu()
  }
}

/// A dense layer, then residual blocks, each followed by a transposed convolution to twice the size.
struct ConvolutionalDecoder: DecoderNetwork {
  private let dense: Linear
  private let spread: Linear
  private let start: Shape
  private let stages: [Stage]
  private let last: Convolution
  private let output: Linear

  private struct Stage: Sendable {
    let block: ResidualBlock
    let up: TransposedConvolution
    let size: (height: Int, width: Int)
  }

  init(
    _ scope: Scope, inputs: Int, shape: ImageShape, channels: Int, hidden: Int, parameters: Int,
    gain outputGain: Float
  ) {
    let sizes = Resolutions(shape).sizes
    let gain = Float(2).squareRoot()
    let width = { (index: Int) in Resolutions.channels(at: index, of: channels) }
    let top = sizes.count - 1
    dense = Linear(scope / "dense", inputs, hidden, gain: gain)
    start = [0, sizes[top].height, sizes[top].width, width(top)]
    spread = Linear(
      scope / "spread", hidden, sizes[top].height * sizes[top].width * width(top), gain: gain)
    stages = (0..<top).reversed().map { index in
      Stage(
        block: ResidualBlock(scope / "block\(index + 1)", channels: width(index + 1)),
        up: TransposedConvolution(
          scope / "up\(index)", width(index + 1), width(index), kernel: (5, 5),
          geometry: .around(kernel: 5, stride: 2), gain: gain),
        size: sizes[index])
    }
    last = Convolution(scope / "last", width(0), width(0), kernel: (3, 3), gain: gain)
    output = Linear(scope / "output", width(0), parameters, gain: outputGain)
  }

  func callAsFunction(_ features: Tensor, _ dropout: FeatureDropout) -> Tensor {
    let spreadOut = spread(dropout(dense(features).silu(), at: 0))
      .reshaped(to: start.replacing(0, with: features.shape[0]))
    let painted = stages.enumerated().reduce(spreadOut) { x, stage in
      let features = dropout(stage.element.block(x).silu(), at: 1 + stage.offset)
      return stage.element.up(features, outputSize: stage.element.size)
    }
    // The last layer's rounding would show in every likelihood.
    return output(last(painted.silu()).silu().converted(to: .float32))
  }
}
