public import Layers
public import Tensors

/// Autoencoder: features from which a decoder makes the image again; with noise, a denoising one
/// (Vincent and others 2010, Stacked Denoising Autoencoders, section 3.2).
///
/// It encodes and decodes, and neither samples nor scores: there is no distribution over its features. Departures: the
/// reconstruction is judged by the likelihood of each pixel, not by its squared error.
public struct Autoencoder: Encoding, Decoding, EncoderSharing {
  /// The settings of an autoencoder.
  public struct Configuration: PixelConfiguration {
    /// The kind of encoder and decoder.
    public var network = NetworkKind.convolutional
    /// Features of an image.
    public var latent = 32
    /// Features a pixel at half the image's size, for convolutional networks.
    public var channels = 32
    /// Features of dense layers.
    public var hidden = 256
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 5)
    /// Share of pixels blanked while learning.
    public var noise = 0.0

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .choice("network", \.network, "encoder and decoder"),
        .integer("latent", \.latent, 1...4096, "features of an image", tiny: 4),
        .integer(
          "channels", \.channels, 2...512, "features a pixel at half the image's size", tiny: 8),
        .integer("hidden", \.hidden, 4...8192, "features of dense layers", tiny: 16),
      ] + mixtureSettings + [
        .real("noise", \.noise, 0...0.95, "share of pixels blanked while learning (denoising)")
      ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "autoencoder", family: "autoencoder",
    summary: "features that rebuild the image; plain or denoising; does not sample",
    citation: "Vincent et al. 2010, Stacked Denoising Autoencoders, JMLR 11",
    gainsFromTransforms: true, heedsClasses: false)

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// Classes are not used.
  public let classCount: Int
  private let distribution: any PixelDistribution
  private let encoder: any EncoderNetwork
  private let toLatent: Linear
  private let decoder: any DecoderNetwork
  private let parameters: [Parameter]

  /// Registers encoder and decoder under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    let network = configuration.network
    distribution = configuration.distribution(of: shape)
    encoder = network.encoder(
      scope / "encoder", shape: shape, channels: configuration.channels,
      hidden: configuration.hidden)
    toLatent = Linear(scope / "encoder.latent", encoder.featureCount, configuration.latent)
    decoder = network.decoder(
      scope / "decoder", inputs: configuration.latent, shape: shape,
      channels: configuration.channels, hidden: configuration.hidden,
      parameters: distribution.parameterCount)
    parameters = scope.parameters
  }

  /// Features of an image.
  public var latentCount: Int { configuration.latent }

  /// The one objective: the mean negative log-likelihood of an image given its features.
  public var objectives: [Objective] {
    [
      Objective(name: "reconstruction", parameters: parameters) { batch, pass in
        var image = batch.scaled(levelCount: shape.levels, to: .float32)
        if let noise = pass.noise, configuration.noise > 0 {
          image = blanked(image, noise)
        }
        let decoded = decoder(latents(of: image, pass).converted(to: pass.elementType))
        let losses = distribution.negativeLogLikelihood(parameters: decoded, levels: batch.levels)
        return losses.sum() * (1 / Float(batch.count))
      }
    ]
  }

  /// Some pixels, all their channels, set to the darkest level.
  private func blanked(_ image: Tensor, _ noise: RandomSource) -> Tensor {
    let draws = noise.uniform(image.shape.replacing(-1, with: 1))
    let isBlank = draws.less(than: Tensor(repeating: Float(configuration.noise), shape: [1]))
    return image - (image + 1) * isBlank
  }

  private func latents(of image: Tensor, _ pass: Pass) -> Tensor {
    toLatent(encoder(image.converted(to: pass.elementType)).converted(to: .float32))
  }

  /// Encodings are points.
  public var givesVariances: Bool { false }

  /// The features; points, without variances.
  public func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
    Encodings(means: latents(of: batch.scaled(levelCount: shape.levels, to: .float32), pass))
  }

  /// The mean image given the features.
  public func decodings(_ latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    distribution.meanImages(
      parameters: decoder(latents.converted(to: pass.elementType)), shape: shape)
  }
}
