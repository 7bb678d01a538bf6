public import Layers
package import Tensors

/// How the pixels of an image depend on each other, given its latent point.
public enum PixelDependence: String, Sendable, CaseIterable {
  /// Not at all: p(x | z) = Π p(x_i | z).
  case independent
  /// On the pixels just before them: p(x | z) = Π p(x_i | x_<i, z).
  case autoregressive
}

/// p(x | z): a network from a latent point to every pixel's distribution, or to maps that a small causal network reads beside
/// the pixels before (Gulrajani and others 2017, PixelVAE, section 3.1; Chen and others 2017, Variational Lossy
/// Autoencoder, section 2.3).
///
/// The causal network sees a few pixels only, so that what an image shows as a whole must be told by its latent point.
public struct LatentDecoder: Sendable {
  /// Features a pixel that the causal network is told.
  private static let mapChannels = 8

  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  private let network: any DecoderNetwork
  private let causal: GatedCausalNetwork?
  private let shape: ImageShape
  private let dropout: Double

  /// Registers the network under `scope`, and the causal one under `causal` there.
  ///
  /// - Parameter inputs: coordinates of a latent point, and what else the network is told.
  init(
    _ scope: Scope, _ configuration: some LatentDecoderConfiguration, inputs: Int,
    shape: ImageShape
  ) {
    self.shape = shape
    dropout = configuration.dropout
    distribution = configuration.distribution(of: shape)
    let isCausal = configuration.decoder == .autoregressive
    network = configuration.network.decoder(
      scope, inputs: inputs, shape: shape, channels: configuration.channels,
      hidden: configuration.hidden,
      parameters: isCausal ? Self.mapChannels : distribution.parameterCount,
      gain: isCausal ? 0.3 : 0.1)
    causal =
      isCausal
      ? GatedCausalNetwork(
        scope / "causal",
        .init(
          layers: configuration.causalLayers, channels: configuration.causalChannels,
          firstKernel: 5, mapChannels: Self.mapChannels, dropout: dropout),
        shape: shape, outputs: distribution.parameterCount) : nil
  }

  /// Whether a pixel depends on other pixels, given the latent point.
  public var isCausal: Bool { causal != nil }

  /// Whether an image that is drawn shows noise that no one would call a part of it: many levels, drawn one by one.
  var isNoisy: Bool { causal == nil && shape.levels > 2 }

  /// What the network says of each point, float32 `[points, height, width, features]`.
  ///
  /// - Parameter points: float32 `[points, inputs]`.
  package func maps(of points: Tensor, _ pass: Pass) -> Tensor {
    network(
      points.converted(to: pass.elementType),
      FeatureDropout(dropout, random: pass.noise?.derived(2)))
  }

  /// The parameters of every pixel's distribution, float32 `[images, height, width, distribution.parameterCount]`.
  ///
  /// - Parameters:
  ///   - maps: a row for each image.
  ///   - levels: the images, float32 `[images, height, width, channels]`; read where pixels depend on others.
  package func parameters(maps: Tensor, levels: Tensor, _ pass: Pass) -> Tensor {
    guard let causal else { return maps }
    let image = ImageBatch(levels: levels).scaled(levelCount: shape.levels, to: pass.elementType)
    let outputs = causal(
      image, maps: maps, conditions: causal.conditions(classes: nil, orders: nil), pass)
    return distribution.anticipated(outputs, levels: levels, shape: shape)
  }

  /// What draws tiles of images pixel by pixel, to be started with each tile's maps; nil where pixels depend on no others.
  package func stepper(_ pass: Pass) -> Stepper? {
    causal.map {
      let own = GatedStepper(
        $0, shape: shape, conditions: $0.conditions(classes: nil, orders: nil), pass)
      return NeighbourStepper(own, shape: shape, distribution: distribution)
    }
  }

  /// What draws pixel by pixel.
  package typealias Stepper = NeighbourStepper<GatedStepper>
}
