public import Layers
import Platform
public import Tensors

/// Variational autoencoder (Kingma and Welling 2014, Auto-Encoding Variational Bayes): an encoder q(z | x, c), a
/// standard normal prior p(z) and a decoder p(x | z, c) of independent pixels, learnt together by the evidence lower
/// bound.
///
/// With more than one importance sample, by the bound of Burda et al. 2016 (Importance Weighted Autoencoders, equation
/// 8). Departures: the divergence is weighted by a warm-up (Sønderby et al. 2016, Ladder Variational
/// Autoencoders, section 2.2); some labels are hidden while learning.
public struct VariationalAutoencoder: LatentVariable {
  /// The settings of a variational autoencoder.
  public struct Configuration: ModelConfiguration {
    /// The kind of encoder and decoder.
    public var network = NetworkKind.convolutional
    /// Coordinates of the latent space.
    public var latent = 32
    /// Features a pixel at half the image's size, for convolutional networks.
    public var channels = 32
    /// Features of dense layers.
    public var hidden = 256
    /// Logistics of a pixel's mixture, for images of many levels.
    public var mixtures = 5
    /// Draws from the encoder an image and step.
    public var importanceSamples = 1
    /// Steps over which the divergence's weight rises from 0 to 1.
    public var warmUp = 2000
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] = [
      .choice("network", \.network, "encoder and decoder"),
      .integer("latent", \.latent, 1...4096, "coordinates of the latent space", tiny: 4),
      .integer(
        "channels", \.channels, 2...512, "features a pixel at half the image's size", tiny: 8),
      .integer("hidden", \.hidden, 4...8192, "features of dense layers", tiny: 16),
      .integer(
        "mixtures", \.mixtures, 1...64, "logistics a pixel, for more than 32 levels or RGB", tiny: 3
      ),
      .integer(
        "importance-samples", \.importanceSamples, 1...100,
        "draws an image and step; more than 1 learns the importance-weighted bound"),
      .integer(
        "warm-up", \.warmUp, 0...1_000_000, "steps over which the divergence's weight rises to 1",
        tiny: 0),
      .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
    ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "vae", family: "variational",
    summary: "encoder and decoder of a Gaussian latent space; features, blurry but quick samples",
    citation: "Kingma and Welling 2014, Auto-Encoding Variational Bayes, arXiv:1312.6114",
    gainsFromTransforms: true)

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  private let encoder: GaussianEncoder
  private let fromClass: Linear?
  private let decoder: any DecoderNetwork
  private let parameters: [Parameter]

  /// Registers encoder and decoder under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    let (latent, network) = (configuration.latent, configuration.network)
    let (channels, hidden) = (configuration.channels, configuration.hidden)
    distribution = PixelDistributions.suited(
      channels: shape.channels, levels: shape.levels, mixtures: configuration.mixtures)
    encoder = GaussianEncoder(
      scope / "encoder", network, shape: shape, channels: channels, hidden: hidden, latent: latent)
    fromClass =
      classCount > 0
      ? Linear(scope / "encoder.class", classCount, encoder.featureCount, bias: false) : nil
    decoder = network.decoder(
      scope / "decoder", inputs: latent + classCount, shape: shape, channels: channels,
      hidden: hidden, parameters: distribution.parameterCount)
    parameters = scope.parameters
  }

  /// Coordinates of the latent space.
  public var latentCount: Int { configuration.latent }

  /// The one objective: the mean negative lower bound.
  public var objectives: [Objective] {
    [Objective(name: "bound", parameters: parameters) { meanBound(of: $0, $1) }]
  }

  /// The encoder; an image without a label is encoded without one.
  public func posterior(of batch: ImageBatch, _ pass: Pass) -> DiagonalGaussian {
    let image = batch.scaled(levelCount: shape.levels, to: pass.elementType)
    var features = encoder.features(of: image)
    if let fromClass {
      features = features + fromClass(oneHotLabels(batch.labels, classes: classCount))
    }
    return encoder.posterior(features)
  }

  /// The decoder.
  public func pixelParameters(latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    decoder(
      latents.besideLabels(labels, classes: classCount).converted(to: pass.elementType))
  }

  private func meanBound(of batch: ImageBatch, _ pass: Pass) -> Tensor {
    let samples = configuration.importanceSamples
    let shown = batch.shownLabels(
      classCount: classCount, dropout: configuration.labelDropout, pass)
    let seen = ImageBatch(levels: batch.levels, labels: shown)
    let posterior = posterior(of: seen, pass)
    let rows = posterior.repeated(samples)
    let noise =
      pass.noise.map { $0.with(purpose: .latents).normal(rows.mean.shape) }
      ?? latentNoise(seen.contentRandom(seed: 0, purpose: .latents), count: latentCount)
      .repeatedRows(samples)
    let latents = rows.sample(noise)
    let losses = imageLosses(
      latents: latents, labels: (0..<samples).flatMap { _ in shown },
      levels: batch.levels.repeatedRows(samples), pass)
    guard samples > 1 else {
      return (losses + posterior.divergenceFromStandard * pass.warmth(over: configuration.warmUp))
        .mean()
    }
    let prior = DiagonalGaussian.standardLogDensity(latents)
    let logWeights =
      (prior - rows.logDensity(latents)) * pass.warmth(over: configuration.warmUp) - losses
    return
      (logWeights.reshaped(to: [samples, batch.count]).logSumExp(axis: 0)
      - Float(log(Double(samples)))).mean() * -1
  }
}
