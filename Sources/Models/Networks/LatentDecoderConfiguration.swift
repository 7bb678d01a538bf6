/// The settings of a model that has a ``LatentDecoder``.
public protocol LatentDecoderConfiguration: PixelConfiguration {
  /// The kind of encoder and decoder.
  var network: NetworkKind { get }
  /// Features a pixel at half the image's size, for convolutional networks.
  var channels: Int { get }
  /// Features of dense layers.
  var hidden: Int { get }
  /// How pixels depend on each other, given the latents.
  var decoder: PixelDependence { get set }
  /// Layers of an autoregressive decoder's causal network.
  var causalLayers: Int { get set }
  /// Features a pixel in that network.
  var causalChannels: Int { get set }
  /// Share of features dropped while learning.
  var dropout: Double { get }
}

extension LatentDecoderConfiguration {
  /// The settings of how pixels depend on each other.
  static func causalSettings(
    formerly: PixelDependence? = nil, alternative: PixelDependence
  ) -> [Setting<Self>] {
    [
      .choice(
        "decoder", \.decoder, "how pixels depend on each other, given the latents",
        formerly: formerly, alternative: alternative),
      .integer(
        "causal-layers", \.causalLayers, 1...64,
        "layers of an autoregressive decoder's causal network", tiny: 1),
      .integer(
        "causal-channels", \.causalChannels, 4...512, "features a pixel of that network", tiny: 4),
    ]
  }
}
