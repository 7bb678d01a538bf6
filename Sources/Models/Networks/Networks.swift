import Tensors

/// Turns an image into features.
protocol EncoderNetwork: Sendable {
  /// Features of an image.
  var featureCount: Int { get }
  /// `[batch, height, width, channels]`, scaled to -1...1, to `[batch, featureCount]`.
  func callAsFunction(_ image: Tensor, _ dropout: FeatureDropout) -> Tensor
}

/// Turns features into the parameters of every pixel's distribution.
protocol DecoderNetwork: Sendable {
  /// `[batch, inputs]` to float32 `[batch, height, width, parameters]`.
  func callAsFunction(_ features: Tensor, _ dropout: FeatureDropout) -> Tensor
}

extension EncoderNetwork {
  /// Nothing dropped.
  func callAsFunction(_ image: Tensor) -> Tensor { self(image, .none) }
}

extension DecoderNetwork {
  /// Nothing dropped.
  func callAsFunction(_ features: Tensor) -> Tensor { self(features, .none) }
}
