public import Layers
public import Tensors

/// A variational autoencoder that learns classes from few labels: M1 and M2 of Kingma and others
/// 2014 (Semi-Supervised Learning with Deep Generative Models) in one, p(x, z, s, y) = p(x | z) p(z
/// | y, s) p(s) p(y).
///
/// The encoder q(z | x) and the classifier q(y | x), which reads the encoder's mean, are shared by labelled and unlabelled
/// images; the class of an unlabelled one is summed out under q(y | x) (their equation 7).
///
/// Departures: both layers are learnt together, not one after the other; the classifier is also taught by
/// consistency: the class that it is sure of in an unlabelled image is the target for a warped copy of the image, and
/// labelled images are warped likewise (Sohn et al. 2020, FixMatch, section 2).
public struct SemiVariationalAutoencoder: LatentVariable, SemiSupervised, EncoderSharing {
  /// The settings of a semi-supervised variational autoencoder.
  public struct Configuration: LatentDecoderConfiguration {
    /// The kind of encoder and decoder.
    public var network = NetworkKind.convolutional
    /// Coordinates of the latent space.
    public var latent = 50
    /// Coordinates of what the class leaves open.
    public var style = 16
    /// Features a pixel at half the image's size, for convolutional networks.
    public var channels = 32
    /// Features of dense layers.
    public var hidden = 256
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 5)
    /// How pixels depend on each other, given the latents.
    public var decoder = PixelDependence.independent
    /// Layers of an autoregressive decoder's causal network.
    public var causalLayers = 5
    /// Features a pixel in that network.
    public var causalChannels = 16
    /// Share of features dropped while learning.
    public var dropout = 0.0
    /// Steps over which the divergence's weight rises from 0 to 1.
    public var warmUp = 2000
    /// Share of a batch that is labelled, where some images are not.
    public var labelledShare = 0.25
    /// Weight of the classifier's losses, in nats a pixel.
    public var classWeight = 0.1
    /// Probability above which a class that the classifier gives an unlabelled image becomes a target.
    public var confidence = 0.95
    /// How much copies are warped.
    public var transforms = TransformStrength.strong

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .choice("network", \.network, "encoder and decoder"),
        .integer("latent", \.latent, 1...4096, "coordinates of the latent space", tiny: 4),
        .integer("style", \.style, 1...4096, "coordinates of what the class leaves open", tiny: 2),
        .integer(
          "channels", \.channels, 2...512, "features a pixel at half the image's size", tiny: 8),
        .integer("hidden", \.hidden, 4...8192, "features of dense layers", tiny: 16),
      ] + mixtureSettings + causalSettings(alternative: .autoregressive) + [
        .real("dropout", \.dropout, 0...0.9, "share of features dropped while learning"),
        .integer(
          "warm-up", \.warmUp, 0...1_000_000, "steps over which the divergence's weight rises to 1",
          tiny: 0),
        .real(
          "labelled-share", \.labelledShare, 0.01...0.99,
          "share of a batch that is labelled, where some images are not"),
        .real("class-weight", \.classWeight, 0...100, "weight of the classifier, in nats a pixel"),
        .real(
          "confidence", \.confidence, 0...1,
          "probability above which a class given to an unlabelled image is believed"),
        .choice("transforms", \.transforms, "how much copies are warped for the classifier"),
      ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "semi-vae", family: "variational",
    summary: "learns classes from few labels and many unlabelled images; classifies and encodes",
    citation:
      "Kingma et al. 2014, Semi-Supervised Learning with Deep Generative Models, arXiv:1406.5298",
    gainsFromTransforms: true)

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without: then it is a plain hierarchy of latents.
  public let classCount: Int
  /// What turns latent points into images.
  public let decoder: LatentDecoder
  private let encoder: GaussianEncoder
  private let classifierHidden: Linear?
  private let classifier: Linear?
  let prior: ClassPrior
  private let parameters: [Parameter]

  /// Registers encoder, classifier, prior and decoder under `scope`.
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
    // A single class needs no telling.
    classifierHidden = classCount > 1 ? Linear(scope / "classifier.hidden", latent, hidden) : nil
    classifier = classCount > 1 ? Linear(scope / "classifier.output", hidden, classCount) : nil
    prior = ClassPrior(
      scope / "prior", classes: max(1, classCount), latentCount: latent,
      styleCount: configuration.style, hidden: hidden)
    decoder = LatentDecoder(
      scope / "decoder", configuration, inputs: latent, shape: shape)
    parameters = scope.parameters
  }

  /// Coordinates of the latent space.
  public var latentCount: Int { configuration.latent }
  /// Share of a batch that is labelled.
  public var labelledShare: Double { configuration.labelledShare }

  /// The one objective: the mean negative lower bound, and the classifier's losses.
  public var objectives: [Objective] {
    [Objective(name: "bound", parameters: parameters) { meanLoss(of: $0, $1) }]
  }

  /// The encoder; it does not look at labels.
  public func posterior(of batch: ImageBatch, _ pass: Pass) -> DiagonalGaussian {
    let image = batch.scaled(levelCount: shape.levels, to: pass.elementType)
    return encoder.posterior(
      encoder.features(
        of: image, FeatureDropout(configuration.dropout, random: pass.noise?.derived(1))))
  }

  /// Logits of q(y | x), float32 `[images, classes]`.
  func logits(means: Tensor) -> Tensor {
    guard let classifierHidden, let classifier else {
      return Tensor(repeating: 0, shape: [means.shape[0], max(1, classCount)])
    }
    return classifier(classifierHidden(means).silu())
  }

  /// q(y | x).
  public func classProbabilities(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    logits(means: posterior(of: batch, pass).mean).softmax()
  }

  func styleNoise(_ random: [RandomSource]) -> Tensor {
    // Rows of one image's classes are `rows` apart in the table.
    let rows = random.map {
      $0.with(purpose: .sampling).normal([prior.classes, configuration.style])
    }
    return Tensor.concatenated(rows, axis: 0)
      .reshaped(to: [random.count, prior.classes, configuration.style])
      .permuted([1, 0, 2]).reshaped(to: [prior.classes * random.count, configuration.style])
  }

  /// The style is drawn.
  public var estimatesPriors: Bool { true }

  /// Estimates by one draw of the style for each class.
  public func logPriors(latents: Tensor, labels: [Int?], random: [RandomSource]) -> Tensor {
    prior.marginal(prior.estimates(latents: latents, noise: styleNoise(random)), labels: labels)
  }

  /// By one draw: log q(z | x) less a lower bound of log p(z | y).
  public func divergences(
    of posterior: DiagonalGaussian, latents: Tensor, labels: [Int?], random: [RandomSource]
  ) -> Tensor {
    posterior.logDensity(latents)
      - prior.marginal(
        prior.bounds(latents: latents, noise: styleNoise(random)), labels: labels)
  }

  /// A class where none is asked for, a style, and latents.
  public func priorDraws(_ requests: [SampleRequest], temperature: Float) -> Tensor {
    let classes = prior.classes
    return Tiles.rows(of: requests) { tile in
      let labels = tile.padded.map { request in
        request.label
          ?? min(
            classes - 1, Int(request.random.with(purpose: .labels).uniform(0) * Float(classes)))
      }
      let noise = latentNoise(
        tile.padded.map(\.random), count: configuration.style + configuration.latent)
      return prior.draw(labels: labels, noise: noise, temperature: temperature)
    }
  }
}
