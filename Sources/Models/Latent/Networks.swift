import Tensors

/// Reads an image.
protocol FeatureNetwork: Sendable {
  /// Features of an image.
  var featureCount: Int { get }
  /// `[batch, height, width, channels]`, scaled to -1...1, to `[batch, featureCount]`.
  func callAsFunction(_ image: Tensor) -> Tensor
}

/// Paints an image.
protocol PixelNetwork: Sendable {
  /// `[batch, inputs]` to float32 `[batch, height, width, parameters]`.
  func callAsFunction(_ features: Tensor) -> Tensor
}
