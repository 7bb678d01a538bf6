import Layers
import Tensors

/// A dense layer, then transposed convolutions, each to twice the size; every hidden layer is normalised within its image,
/// without which a generator and its discriminator do not keep pace (Radford and others 2016, Unsupervised Representation
/// Learning with Deep Convolutional Generative Adversarial Networks, section 3, by batches; here by groups, so that an image
/// depends on its own point alone).
struct NormalizedGenerator: DecoderNetwork {
  private let dense: Linear
  private let denseNorm: LayerNormalization
  private let spread: Linear
  private let start: Shape
  private let stages: [Stage]

  private struct Stage: Sendable {
    let norm: GroupNormalization
    let up: TransposedConvolution
    let size: (height: Int, width: Int)
  }

  init(_ scope: Scope, inputs: Int, shape: ImageShape, channels: Int, hidden: Int) {
    let sizes = Resolutions(shape).sizes
    let gain = Float(2).squareRoot()
    let top = sizes.count - 1
    let width = { (index: Int) in
      index == 0 ? shape.channels : Resolutions.channels(at: index, of: channels)
    }
    let first = Resolutions.channels(at: max(top, 1), of: channels)
    dense = Linear(scope / "dense", inputs, hidden, gain: gain)
    denseNorm = LayerNormalization(scope / "dense-norm", channels: hidden)
    spread = Linear(
      scope / "spread", hidden, sizes[top].height * sizes[top].width * first, gain: gain)
    start = [0, sizes[top].height, sizes[top].width, first]
    stages = (top == 0 ? 0..<1 : 0..<top).reversed().map { index in
      let inputs = Resolutions.channels(at: index + 1, of: channels)
      return Stage(
        norm: GroupNormalization(
          scope / "norm\(index + 1)", channels: inputs, groups: inputs % 8 == 0 ? 8 : 1),
        up: TransposedConvolution(
          scope / "up\(index)", inputs, width(index), kernel: (5, 5),
          geometry: .around(kernel: 5, stride: top == 0 ? 1 : 2), gain: index == 0 ? 0.5 : gain),
        size: sizes[index])
    }
  }

  func callAsFunction(_ features: Tensor, _ dropout: FeatureDropout) -> Tensor {
    let spreadOut = spread(dropout(denseNorm(dense(features)).silu(), at: 0))
      .reshaped(to: start.replacing(0, with: features.shape[0]))
    return stages.reduce(spreadOut) { x, stage in
      stage.up(stage.norm(x).silu(), outputSize: stage.size)
    }.converted(to: .float32)
  }
}

/// Tells real images from drawn ones: strided convolutions, a dense layer, and the class by projection, every layer
/// spectrally normalised.
struct Discriminator: Sendable {
  private let convolutions: [(layer: Convolution, norm: SpectralNormalization)]
  private let dense: NormalizedLinear
  private let output: NormalizedLinear
  /// From a one-hot class to what its images' features are projected on.
  private let projection: NormalizedLinear?
  private let classCount: Int

  init(_ scope: Scope, shape: ImageShape, channels: Int, hidden: Int, classCount: Int) {
    let resolutions = Resolutions(shape)
    let gain = Float(2).squareRoot()
    var inputs = shape.channels
    convolutions = resolutions.downward.map { index in
      let outputs = Resolutions.channels(at: index, of: channels)
      let place = scope / "convolution\(index)"
      let layer = Convolution(
        place, inputs, outputs, kernel: (5, 5),
        geometry: .around(kernel: 5, stride: index == 0 ? 1 : 2), gain: gain)
      inputs = outputs
      return (layer, SpectralNormalization(place, layer.weight))
    }
    let last = resolutions.sizes[resolutions.sizes.count - 1]
    dense = NormalizedLinear(
      scope / "dense", last.height * last.width * inputs, hidden, gain: gain)
    output = NormalizedLinear(scope / "output", hidden, 1)
    projection =
      classCount > 0
      ? NormalizedLinear(scope / "class", classCount, hidden, bias: false) : nil
    self.classCount = classCount
  }

  /// How real images seem, float32 `[images, 1]`: above 0 where they seem so.
  func callAsFunction(_ images: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    let seen = convolutions.reduce(images.converted(to: pass.elementType)) { x, stage in
      x.convolved(
        with: stage.norm.value, bias: stage.layer.bias?.value, geometry: stage.layer.geometry
      ).silu()
    }
    let flat = seen.reshaped(to: [labels.count, seen.count / labels.count])
    let features = dense(flat).silu().converted(to: .float32)
    let real = output(features)
    guard let projection else { return real }
    let ofClass = projection(oneHotLabels(labels, classes: classCount))
    return real + (features * ofClass).sum(axis: 1).reshaped(to: [labels.count, 1])
  }

  func update() {
    convolutions.forEach { $0.norm.update() }
    [dense, output, projection].forEach { $0?.norm.update() }
  }
}

/// A linear layer that is spectrally normalised.
private struct NormalizedLinear: Sendable {
  let norm: SpectralNormalization
  private let layer: Linear

  init(_ scope: Scope, _ inputs: Int, _ outputs: Int, bias: Bool = true, gain: Float = 1) {
    layer = Linear(scope, inputs, outputs, bias: bias, gain: gain)
    norm = SpectralNormalization(scope, layer.weight)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    x.linear(weights: norm.value, bias: layer.bias?.value)
  }
}
