public import Layers
import Platform
public import Tensors

/// Variational autoencoder (Kingma and Welling 2014, Auto-Encoding Variational Bayes): an encoder q(z | x, c), a
/// prior and a decoder, learnt together by the evidence lower bound.
///
/// The prior is standard normal, or learnt, p(z | c): then the class is told by the latents alone. The decoder's pixels are
/// independent given the latents, or depend on the few before them too.
///
/// With more than one importance sample, by the bound of Burda et al. 2016 (Importance Weighted Autoencoders, equation
/// 8). Departures: the divergence is weighted by a warm-up (Sønderby et al. 2016, Ladder Variational
/// Autoencoders, section 2.2); some labels are hidden while learning.
public struct VariationalAutoencoder: LatentVariable, EncoderSharing {
  /// The settings of a variational autoencoder.
  public struct Configuration: LatentDecoderConfiguration {
    /// The kind of encoder and decoder.
    public var network = NetworkKind.convolutional
    /// Coordinates of the latent space.
    public var latent = 32
    /// Features a pixel at half the image's size, for convolutional networks.
    public var channels = 32
    /// Features of dense layers.
    public var hidden = 256
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 5)
    /// Draws from the encoder an image and step.
    public var importanceSamples = 1
    /// How pixels depend on each other, given the latents.
    public var decoder = PixelDependence.autoregressive
    /// Layers of an autoregressive decoder's causal network.
    public var causalLayers = 5
    /// Features a pixel in that network.
    public var causalChannels = 16
    /// The prior of latents.
    public var prior = LatentPrior.flow
    /// Autoregressive maps of a learnt prior.
    public var priorMaps = 4
    /// Features of their hidden layers.
    public var priorHidden = 128
    /// Nats a latent coordinate that the divergence costs nothing, in the mean of a batch's shard.
    public var freeBits = 0.0
    /// Share of features dropped while learning.
    public var dropout = 0.0
    /// Steps over which the divergence's weight rises from 0 to 1.
    public var warmUp = 2000
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .choice("network", \.network, "encoder and decoder"),
        .integer("latent", \.latent, 1...4096, "coordinates of the latent space", tiny: 4),
        .integer(
          "channels", \.channels, 2...512, "features a pixel at half the image's size", tiny: 8),
        .integer("hidden", \.hidden, 4...8192, "features of dense layers", tiny: 16),
      ] + mixtureSettings + causalSettings(formerly: .independent, alternative: .independent) + [
        .choice(
          "prior", \.prior, "of latents: standard normal, or learnt, for each class",
          formerly: .standard, alternative: .standard),
        .integer(
          "prior-maps", \.priorMaps, 1...32, "autoregressive maps of a learnt prior", tiny: 2),
        .integer(
          "prior-hidden", \.priorHidden, 4...8192, "features of their hidden layers", tiny: 12),
        .real(
          "free-bits", \.freeBits, 0...10,
          "nats a latent coordinate that the divergence costs nothing"),
        .real("dropout", \.dropout, 0...0.9, "share of features dropped while learning"),
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
    summary:
      "encoder and decoder of a latent space with a prior for each class; draws, encodes, fills",
    citation: "Kingma and Welling 2014, Auto-Encoding Variational Bayes, arXiv:1312.6114",
    gainsFromTransforms: true, augmentationRole: .drawing,
    recipe:
      "--set latent=50 --set dropout=0.15 --set prior-hidden=256 --batch 64 --learning-rate 0.002 "
      + "--average-decay 0.9995 --patience 100 --minutes 90: 79.52 nats "
      + "an image of fixed binarized MNIST, importance estimate of 500 samples")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// What turns latent points into images.
  public let decoder: LatentDecoder
  private let encoder: GaussianEncoder
  private let fromClass: Linear?
  /// The prior where it is learnt.
  private let prior: FlowPrior?
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
    encoder = GaussianEncoder(
      scope / "encoder", network, shape: shape, channels: channels, hidden: hidden, latent: latent)
    fromClass =
      classCount > 0
      ? Linear(scope / "encoder.class", classCount, encoder.featureCount, bias: false) : nil
    prior =
      configuration.prior == .flow
      ? FlowPrior(
        scope / "prior", classCount: classCount, latentCount: latent,
        maps: configuration.priorMaps, hidden: configuration.priorHidden) : nil
    decoder = LatentDecoder(
      scope / "decoder", configuration, inputs: latent + (prior == nil ? classCount : 0),
      shape: shape)
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
    var features = encoder.features(
      of: image, FeatureDropout(configuration.dropout, random: pass.noise?.derived(1)))
    if let fromClass {
      features = features + fromClass(oneHotLabels(batch.labels, classes: classCount))
    }
    return encoder.posterior(features)
  }

  /// The class stands beside the latents where the prior does not tell it.
  public func decoderInput(latents: Tensor, labels: [Int?]) -> Tensor {
    prior == nil ? latents.besideLabels(labels, classes: classCount) : latents
  }

  /// The learnt prior of the class, or the standard normal one.
  public func logPriors(latents: Tensor, labels: [Int?], random: [RandomSource]) -> Tensor {
    prior?.logDensity(latents, labels: labels) ?? DiagonalGaussian.standardLogDensity(latents)
  }

  /// In closed form for the standard normal prior, else by the draw.
  public func divergences(
    of posterior: DiagonalGaussian, latents: Tensor, labels: [Int?], random: [RandomSource]
  ) -> Tensor {
    guard let prior else { return posterior.divergenceFromStandard }
    return posterior.logDensity(latents) - prior.logDensity(latents, labels: labels)
  }

  /// Draws from the prior; a temperature scales how far they stray before they are bent.
  public func priorDraws(_ requests: [SampleRequest], temperature: Float) -> Tensor {
    let noise = latentNoise(requests.map(\.random), count: latentCount) * temperature
    guard let prior else { return noise }
    return Tiles.rows(of: requests) { tile in
      prior.draw(labels: tile.padded.map(\.label), noise: tile.paddedRows(of: noise))
    }
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
    let warmth = pass.warmth(over: configuration.warmUp)
    guard samples > 1 else {
      let divergence = divergences(
        of: posterior, latents: latents, labels: shown, random: []
      ).mean()
      return losses.mean() + paid(divergence, pass) * warmth
    }
    let priors = logPriors(
      latents: latents, labels: (0..<samples).flatMap { _ in shown }, random: [])
    let logWeights = (priors - rows.logDensity(latents)) * warmth - losses
    return
      (logWeights.reshaped(to: [samples, batch.count]).logSumExp(axis: 0)
      - Float(log(Double(samples)))).mean() * -1
  }

  /// What of a mean divergence a loss counts: while learning, what lies above the free bits (Kingma and others 2016,
  /// Improved Variational Inference with Inverse Autoregressive Flow, section 4, appendix C.8, all coordinates together).
  private func paid(_ divergence: Tensor, _ pass: Pass) -> Tensor {
    guard pass.isLearning, configuration.freeBits > 0 else { return divergence }
    let free = Float(configuration.freeBits) * Float(latentCount)
    return .maximum(divergence, Tensor(repeating: free, shape: divergence.shape))
  }
}
