public import Layers
public import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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
public struct SemiVariationalAutoencoder: LatentVariable, SemiSupervised {
  /// The settings of a semi-supervised variational autoencoder.
  public struct Configuration: ModelConfiguration {
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
    /// Logistics of a pixel's mixture, for images of many levels.
    public var mixtures = 5
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
    public static let settings: [Setting<Configuration>] = [
      .choice("network", \.network, "encoder and decoder"),
      .integer("latent", \.latent, 1...4096, "coordinates of the latent space"),
      .integer("style", \.style, 1...4096, "coordinates of what the class leaves open"),
      .integer("channels", \.channels, 2...512, "features a pixel at half the image's size"),
      .integer("hidden", \.hidden, 4...8192, "features of dense layers"),
      .integer("mixtures", \.mixtures, 1...64, "logistics a pixel, for more than 32 levels or RGB"),
      .integer(
        "warm-up", \.warmUp, 0...1_000_000, "steps over which the divergence's weight rises to 1"),
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
      "Kingma et al. 2014, Semi-Supervised Learning with Deep Generative Models, arXiv:1406.5298")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without: then it is a plain hierarchy of latents.
  public let classCount: Int
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  private let reader: any FeatureNetwork
  private let toMean: Linear
  private let toLogVariance: Linear
  private let classifierHidden: Linear?
  private let classifier: Linear?
  private let prior: ClassPrior
  private let painter: any PixelNetwork
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
    distribution = PixelDistributions.suited(
      channels: shape.channels, levels: shape.levels, mixtures: configuration.mixtures)
    reader = network.reader(
      scope / "encoder", shape: shape, channels: channels, hidden: hidden)
    toMean = Linear(scope / "encoder.mean", reader.featureCount, latent)
    toLogVariance = Linear(scope / "encoder.log_variance", reader.featureCount, latent, gain: 0.1)
    // A single class needs no telling.
    classifierHidden = classCount > 1 ? Linear(scope / "classifier.hidden", latent, hidden) : nil
    classifier = classCount > 1 ? Linear(scope / "classifier.output", hidden, classCount) : nil
    prior = ClassPrior(
      scope / "prior", classes: max(1, classCount), latentCount: latent,
      styleCount: configuration.style, hidden: hidden)
    painter = network.painter(
      scope / "decoder", inputs: latent, shape: shape, channels: channels, hidden: hidden,
      parameters: distribution.parameterCount)
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
    let features = reader(image).converted(to: .float32)
    return DiagonalGaussian(mean: toMean(features), logVariance: toLogVariance(features))
  }

  /// The decoder; it sees the class by the latents alone.
  public func pixelParameters(latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    painter(latents.converted(to: pass.elementType))
  }

  /// Logits of q(y | x), float32 `[images, classes]`.
  private func logits(means: Tensor) -> Tensor {
    guard let classifierHidden, let classifier else {
      return Tensor(repeating: 0, shape: [means.shape[0], max(1, classCount)])
    }
    return classifier(classifierHidden(means).silu())
  }

  /// q(y | x).
  public func classProbabilities(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    logits(means: posterior(of: batch, pass).mean).softmax()
  }

  private func styleNoise(_ random: [RandomSource]) -> Tensor {
    // Rows of one image's classes are `rows` apart in the table.
    let rows = random.map {
      $0.with(purpose: .sampling).normal([prior.classes, configuration.style])
    }
    return Tensor.concatenated(rows, axis: 0)
      .reshaped(to: [random.count, prior.classes, configuration.style])
      .permuted([1, 0, 2]).reshaped(to: [prior.classes * random.count, configuration.style])
  }

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
    let labels = requests.map { request in
      request.label
        ?? min(classes - 1, Int(request.random.with(purpose: .labels).uniform(0) * Float(classes)))
    }
    let noise = latentNoise(
      requests.map(\.random), count: configuration.style + configuration.latent)
    return prior.draw(labels: labels, noise: noise, temperature: temperature)
  }

  private func meanLoss(of batch: ImageBatch, _ pass: Pass) -> Tensor {
    let labels = batch.labels ?? [Int?](repeating: nil, count: batch.count)
    let posterior = posterior(of: batch, pass)
    let random =
      pass.noise.map { noise in (0..<batch.count).map { noise.derived($0) } }
      ?? batch.contentRandom(seed: 0, purpose: .validation)
    let latents = posterior.sample(latentNoise(random, count: latentCount))
    let losses = imageLosses(
      latents: latents, labels: labels, levels: batch.levels, pass)
    let logits = logits(means: posterior.mean)
    // Nothing is known of the entropy in closed form but q(z | x)'s own.
    let table = prior.bounds(latents: latents, noise: styleNoise(random))
    let divergences =
      posterior.logDensity(latents) - classExpectation(of: table, logits: logits, labels: labels)
    let bound = (losses + divergences * warmth(pass)).mean()
    guard classCount > 1, configuration.classWeight > 0 else { return bound }
    let weight = Float(configuration.classWeight * Double(shape.pixelCount))
    return bound + classLoss(of: batch, labels, logits: logits, pass) * weight
  }

  /// E_q(y|x)[log p(z | y) + log p(y)] + H(q(y | x)), or the label's entry where there is one, `[rows]`.
  private func classExpectation(of table: Tensor, logits: Tensor, labels: [Int?]) -> Tensor {
    let known = oneHotLabels(labels, classes: prior.classes)
    let isUnknown = Tensor(labels.map { $0 == nil ? Float(1) : 0 }, shape: [labels.count, 1])
    let guessed = logits.softmax() * isUnknown
    let entropy = guessed * logits.logSoftmax()
    return ((guessed + known) * table - entropy).sum(axis: 1) - Float(log(Double(prior.classes)))
  }

  /// The mean cross-entropy of labelled images, as they are and warped, and of warped unlabelled ones whose class the
  /// classifier is sure of.
  private func classLoss(
    of batch: ImageBatch, _ labels: [Int?], logits: Tensor, _ pass: Pass
  ) -> Tensor {
    let guesses = logits.detached.softmax().values
    let classes = classCount
    var targets = [Int32](repeating: 0, count: batch.count)
    var (clean, warped) = (
      [Float](repeating: 0, count: batch.count), [Float](repeating: 0, count: batch.count)
    )
    for (image, label) in labels.enumerated() {
      if let label {
        targets[image] = Int32(label)
        (clean[image], warped[image]) = (1, 1)
      } else {
        let row = guesses[image * classes..<(image + 1) * classes]
        guard let top = row.indices.max(by: { row[$0] < row[$1] }) else { continue }
        targets[image] = Int32(top - row.startIndex)
        warped[image] = Double(row[top]) >= configuration.confidence ? 1 : 0
      }
    }
    let count = Float(batch.count)
    let loss = (logits.softmaxCrossEntropy(targets) * Tensor(clean, shape: [batch.count])).sum()
    guard let noise = pass.noise, configuration.transforms != .none else { return loss / count }
    let copies = batch.warped(
      configuration.transforms, shape: shape, noise.with(purpose: .transforms))
    let copied = self.logits(means: posterior(of: copies, pass).mean)
    let consistency = copied.softmaxCrossEntropy(targets) * Tensor(warped, shape: [batch.count])
    return (loss + consistency.sum()) / count
  }

  /// The weight of the divergence at this step; 1 outside training.
  private func warmth(_ pass: Pass) -> Float {
    guard pass.noise != nil, configuration.warmUp > 0 else { return 1 }
    return min(1, Float(pass.step + 1) / Float(configuration.warmUp))
  }
}
