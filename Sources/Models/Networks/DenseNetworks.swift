import Layers
import Tensors

/// Two hidden layers from an image's pixels.
struct DenseEncoder: EncoderNetwork {
  let featureCount: Int
  private let first: Linear
  private let second: Linear

  init(_ scope: Scope, shape: ImageShape, hidden: Int) {
    featureCount = hidden
    first = Linear(scope / "first", shape.dimensionCount, hidden, gain: Float(2).squareRoot())
    second = Linear(scope / "second", hidden, hidden, gain: Float(2).squareRoot())
  }

  func callAsFunction(_ image: Tensor, _ dropout: FeatureDropout) -> Tensor {
    let flat = image.reshaped(to: [image.shape[0], image.count / image.shape[0]])
    return dropout(second(dropout(first(flat).silu(), at: 0)).silu(), at: 1)
  }
}

/// Two hidden layers to an image's pixels.
struct DenseDecoder: DecoderNetwork {
  private let first: Linear
  private let second: Linear
  private let output: Linear
  private let target: Shape

  init(
    _ scope: Scope, inputs: Int, shape: ImageShape, hidden: Int, parameters: Int,
    gain: Float = 0.1
  ) {
    first = Linear(scope / "first", inputs, hidden, gain: Float(2).squareRoot())
    second = Linear(scope / "second", hidden, hidden, gain: Float(2).squareRoot())
    output = Linear(scope / "output", hidden, shape.pixelCount * parameters, gain: gain)
    target = [0, shape.height, shape.width, parameters]
  }

  func callAsFunction(_ features: Tensor, _ dropout: FeatureDropout) -> Tensor {
    let hidden = dropout(second(dropout(first(features).silu(), at: 0)).silu(), at: 1)
    return output(hidden).converted(to: .float32)
      .reshaped(to: target.replacing(0, with: features.shape[0]))
  }
}
