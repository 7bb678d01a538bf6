import Layers
import Tensors

/// The kind of network between images and features.
public enum NetworkKind: String, Sendable, CaseIterable {
  /// Strided convolutions and residual blocks.
  case convolutional
  /// Two hidden layers that see every pixel at once.
  case dense
}

extension NetworkKind {
  /// A network from images of this shape to features.
  func reader(_ scope: Scope, shape: ImageShape, channels: Int, hidden: Int) -> any FeatureNetwork {
    switch self {
    case .convolutional:
      ConvolutionalReader(scope, shape: shape, channels: channels, hidden: hidden)
    case .dense: DenseReader(scope, shape: shape, hidden: hidden)
    }
  }

  /// A network from features to the parameters of every pixel's distribution.
  func painter(
    _ scope: Scope, inputs: Int, shape: ImageShape, channels: Int, hidden: Int, parameters: Int
  ) -> any PixelNetwork {
    switch self {
    case .convolutional:
      ConvolutionalPainter(
        scope, inputs: inputs, shape: shape, channels: channels, hidden: hidden,
        parameters: parameters)
    case .dense:
      DensePainter(scope, inputs: inputs, shape: shape, hidden: hidden, parameters: parameters)
    }
  }
}
