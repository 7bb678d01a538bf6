public import Layers
public import Tensors

/// Generative adversarial network (Goodfellow and others 2014, Generative Adversarial Nets): a generator G(z, c) of images
/// from a standard normal latent point, and a discriminator D(x, c) that tells them from real ones, learnt against each other.
///
/// It draws, and gives no likelihood: which weights are kept is decided by the distance of its samples to images that were
/// set aside. The discriminator is conditional by projection (Miyato and Koyama 2018, cGANs with Projection Discriminator,
/// equation 3). Losses are those of the paper, minimax (its equation 1) or non-saturating (its section 3), and least squares
/// (Mao and others 2017, Least Squares Generative Adversarial Networks, equation 2). For few images, both networks see them through
/// differentiable augmentation.
///
/// Departures, without which the discriminator wins within a few hundred steps and all images become one: its layers are
/// spectrally normalised; it learns four times more slowly than the generator; and it sees images with noise, because levels are
/// discrete and a generator's values are not (Sønderby and others 2017, Amortised MAP Inference for Image Super-resolution,
/// section 3.2.2).
public struct GenerativeAdversarialNetwork: LatentSampling, Decoding, Stateful {
  /// The settings of an adversarial network.
  public struct Configuration: ModelConfiguration {
    /// What is descended.
    public var loss = AdversarialLoss.Kind.nonSaturating
    /// What least squares want of the discriminator for drawn images, for real ones, and what the generator wants of it for drawn ones:
    /// the paper's a, b and c.
    public var drawnTarget = 0.0, realTarget = 1.0, wantedTarget = 1.0
    /// The kind of generator.
    public var network = NetworkKind.convolutional
    /// Coordinates of the latent space.
    public var latent = 64
    /// Features a pixel at half the image's size, for convolutional networks.
    public var channels = 32
    /// Features of dense layers.
    public var hidden = 256
    /// Standard deviation of the noise on images that the discriminator sees, values being -1...1.
    public var noise = 0.3
    /// The discriminator's learning rate as a share of the generator's.
    public var discriminatorRate = 0.25
    /// Steps of the discriminator for one of the generator.
    public var discriminatorSteps = 1
    /// Changes that both networks see images through.
    public var augmentation = AugmentationPolicy.none
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] = [
      .choice("loss", \.loss, "what generator and discriminator descend"),
      .real(
        "a", \.drawnTarget, -10...10, "least squares: the discriminator's value of drawn images"),
      .real("b", \.realTarget, -10...10, "least squares: its value of real images"),
      .real("c", \.wantedTarget, -10...10, "least squares: what the generator wants it to be"),
      .choice("network", \.network, "generator"),
      .integer("latent", \.latent, 1...4096, "coordinates of the latent space", tiny: 4),
      .integer(
        "channels", \.channels, 2...512, "features a pixel at half the image's size", tiny: 8),
      .integer("hidden", \.hidden, 4...8192, "features of dense layers", tiny: 16),
      .real("noise", \.noise, 0...1, "deviation of the noise on what the discriminator sees"),
      .real(
        "discriminator-rate", \.discriminatorRate, 0.001...1000,
        "the discriminator's learning rate as a share of the generator's"),
      .integer(
        "discriminator-steps", \.discriminatorSteps, 1...100,
        "steps of the discriminator for one of the generator"),
      .choice(
        "augmentation", \.augmentation,
        "changes that both networks see images through, for few images: full",
        alternative: .full),
      .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
    ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "gan", family: "adversarial",
    summary: "generator and discriminator; draws sharp images quickly, without a likelihood",
    citation: "Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661",
    learningRate: 5e-4,
    recipe:
      "--batch 64 --minutes 10 --patience 0 --threads 1: energy distance of samples 0.0001 on MNIST at "
      + "256 levels, 0.00004 with --set loss=least-squares")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  private let generator: any DecoderNetwork
  private let discriminator: Discriminator
  private let parameters: (generator: [Parameter], discriminator: [Parameter])

  /// Registers `generator` and `discriminator` under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    let (channels, hidden) = (configuration.channels, configuration.hidden)
    let (generating, judging) = (scope / "generator", scope / "discriminator")
    let inputs = configuration.latent + classCount
    generator =
      switch configuration.network {
      case .convolutional:
        NormalizedGenerator(
          generating, inputs: inputs, shape: shape, channels: channels, hidden: hidden)
      case .dense:
        DenseDecoder(
          generating, inputs: inputs, shape: shape, hidden: hidden, parameters: shape.channels)
      }
    discriminator = Discriminator(
      judging, shape: shape, channels: channels, hidden: hidden, classCount: classCount)
    parameters = (generating.parameters, judging.parameters)
  }

  /// Coordinates of the latent space.
  public var latentCount: Int { configuration.latent }
  /// There is no likelihood to choose by.
  public var weightSelection: WeightSelection { .sampleDistance }

  /// The discriminator's, then the generator's, each on the same images.
  public var objectives: [Objective] {
    var optimizer = Adam.Configuration()
    optimizer.beta1 = 0.5
    return [
      Objective(
        name: "discriminator", parameters: parameters.discriminator, optimizer: .adam(optimizer),
        rateFactor: Float(configuration.discriminatorRate)
      ) { batch, pass in
        let (real, drawn) = values(batch, pass, judgesReal: true)
        return loss.ofDiscriminator(real: real ?? drawn, drawn: drawn)
      },
      Objective(
        name: "generator", parameters: parameters.generator, optimizer: .adam(optimizer),
        interval: configuration.discriminatorSteps
      ) { batch, pass in loss.ofGenerator(values(batch, pass, judgesReal: false).drawn) },
    ]
  }

  /// Follows the discriminator's weights by their singular vectors.
  public func updateState(after batch: ImageBatch, _ pass: Pass) { discriminator.update() }

  /// The discriminator's values of a batch's images and of as many drawn ones of the same classes, `[images, 1]`.
  private func values(
    _ batch: ImageBatch, _ pass: Pass, judgesReal: Bool
  ) -> (real: Tensor?, drawn: Tensor) {
    let labels = batch.shownLabels(
      classCount: classCount, dropout: configuration.labelDropout, pass)
    let sources = batch.noiseSources(pass)
    let drawn = images(latents: latentNoise(sources, count: latentCount), labels: labels, pass)
    let real = judgesReal ? batch.scaled(levelCount: shape.levels, to: .float32) : nil
    return (
      real.map { discriminator(seen($0, sources, pass, round: 0), labels: labels, pass) },
      discriminator(seen(drawn, sources, pass, round: 1), labels: labels, pass)
    )
  }

  private var loss: AdversarialLoss {
    AdversarialLoss(
      kind: configuration.loss, drawnTarget: Float(configuration.drawnTarget),
      realTarget: Float(configuration.realTarget), wantedTarget: Float(configuration.wantedTarget))
  }

  /// Images as the discriminator sees them while learning: changed, and with the noise that blurs the difference between levels and
  /// other values; as they are outside of learning.
  private func seen(
    _ images: Tensor, _ sources: [RandomSource], _ pass: Pass, round: Int
  ) -> Tensor {
    guard let noise = pass.noise else { return images }
    let augmentation = DifferentiableAugmentation(policy: configuration.augmentation)
    let changed = augmentation(images, sources.map { $0.derived(round) })
    guard configuration.noise > 0 else { return changed }
    let stream = noise.with(purpose: .validation).derived(round)
    return changed + stream.normal(images.shape) * Float(configuration.noise)
  }

  /// The generator, float32 `[points, height, width, channels]` in -1...1.
  private func images(latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    generator(
      latents.besideLabels(labels, classes: classCount).converted(to: pass.elementType)
    ).tanh()
  }

  /// The image of each point.
  public func decodings(_ latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    (images(latents: latents, labels: labels, pass) + 1) * (Float(shape.levels - 1) / 2)
  }

  /// Standard normal points; a temperature scales them, which keeps to the middle of what was learnt.
  public func priorDraws(_ requests: [SampleRequest], temperature: Float) -> Tensor {
    latentNoise(requests.map(\.random), count: latentCount) * temperature
  }

  /// The image of each point, its levels rounded.
  public func samples(
    _ requests: [SampleRequest], latents: Tensor, temperature: Temperature, _ pass: Pass
  ) -> [Sample] {
    precondition(latents.shape == [requests.count, latentCount], "a latent point a request")
    return Tiles.map(requests) { tile in
      shown(tile, latents: tile.paddedRows(of: latents), pass)
    }
  }

  private func shown(_ tile: Tile<SampleRequest>, latents: Tensor, _ pass: Pass) -> [Sample] {
    let decoded = decodings(latents, labels: tile.padded.map(\.label), pass).values
    let (size, top) = (shape.dimensionCount, Float(shape.levels - 1))
    return tile.items.indices.map { index in
      Sample(
        levels: decoded[index * size..<(index + 1) * size].map { min(top, max(0, $0.rounded())) })
    }
  }
}
