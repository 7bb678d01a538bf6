import Layers
import Tensors

/// Attention of each pixel to all pixels before it, among the layers of a gated causal network (Chen and others 2018,
/// PixelSNAIL: An Improved Autoregressive Generative Model, section 3).
///
/// Convolutions carry what stands far off over many layers, and blur it; attention fetches it. One head with short keys; a
/// pixel is found by what it shows and by its place.
struct CausalAttention: Sendable {
  /// Numbers of a key.
  static let keySize = 16

  /// From a pixel's features, which know the pixels before it, and from the pixel itself, to what later ones are told.
  let fromFeatures: Linear, fromPixel: Linear
  let key: Linear, value: Linear, query: Linear
  let keyPlace: PositionalEmbedding, queryPlace: PositionalEmbedding
  /// From what was fetched to the next layer's input and to the result.
  let residual: Linear, skip: Linear

  /// Registers the parts under `scope`.
  init(_ scope: Scope, channels: Int, shape: ImageShape) {
    let size = Self.keySize
    fromFeatures = Linear(scope / "features", channels, channels)
    fromPixel = Linear(scope / "pixel", shape.channels, channels, bias: false)
    key = Linear(scope / "key", channels, size)
    value = Linear(scope / "value", channels, channels)
    query = Linear(scope / "query", channels, size)
    keyPlace = PositionalEmbedding(
      scope / "key_place", height: shape.height, width: shape.width, channels: size)
    queryPlace = PositionalEmbedding(
      scope / "query_place", height: shape.height, width: shape.width, channels: size)
    residual = Linear(scope / "residual", channels, channels, gain: 0.3)
    skip = Linear(scope / "skip", channels, channels, gain: 0.3)
  }

  /// What each pixel fetches, `[images, height, width, channels]`.
  ///
  /// - Parameters:
  ///   - features: `[images, height, width, channels]`, those of a pixel know the pixels before it.
  ///   - image: `[images, height, width, image channels]`, in -1...1.
  func callAsFunction(_ features: Tensor, image: Tensor) -> Tensor {
    let (images, type) = (features.shape[0], features.elementType)
    let seen = (fromFeatures(features) + fromPixel(image)).silu()
    func sequence(_ x: Tensor) -> Tensor {
      x.converted(to: .float32).reshaped(
        to: [images, features.shape[1] * features.shape[2], x.shape[-1]])
    }
    return sequence(query(features) + queryPlace(images: images, type))
      .attendingBefore(
        keys: sequence(key(seen) + keyPlace(images: images, type)),
        values: sequence(value(seen))
      ).converted(to: type).reshaped(to: features.shape)
  }
}
