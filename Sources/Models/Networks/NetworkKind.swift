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
  func encoder(_ scope: Scope, shape: ImageShape, channels: Int, hidden: Int) -> any EncoderNetwork
  {
    switch self {
    case .convolutional:
      ConvolutionalEncoder(scope, shape: shape, channels: channels, hidden: hidden)
    case .dense: DenseEncoder(scope, shape: shape, hidden: hidden)
    }
  }

  /// A network from features to so many numbers of every pixel.
  ///
  /// - Parameter gain: of the last layer: small where the numbers are a distribution's parameters.
  func decoder(
    _ scope: Scope, inputs: Int, shape: ImageShape, channels: Int, hidden: Int, parameters: Int,
    gain: Float = 0.1
  ) -> any DecoderNetwork {
    switch self {
    case .convolutional:
      ConvolutionalDecoder(
        scope, inputs: inputs, shape: shape, channels: channels, hidden: hidden,
        parameters: parameters, gain: gain)
    case .dense:
      DenseDecoder(
        scope, inputs: inputs, shape: shape, hidden: hidden, parameters: parameters, gain: gain)
    }
  }
}
