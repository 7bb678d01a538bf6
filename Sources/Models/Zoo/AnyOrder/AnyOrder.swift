public import Layers
public import Tensors

/// One network that predicts every missing pixel from any set of known ones: p(x) = Π p(x_o(t) |
/// x_o(<t)) for every order o of the pixels (Uria and others 2014, A Deep and Tractable Density
/// Estimator; Hoogeboom and others 2021, Autoregressive Diffusion Models, section 3).
///
/// Any hole is filled exactly, the known pixels first: the chain rule over the missing ones, in an order drawn for the
/// image. Departures: a convolutional network, not a dense one.
public struct AnyOrder: OrderAgnostic {
  /// The settings of an any-order model.
  public struct Configuration: PixelConfiguration {
    /// Features a pixel at half the image's size.
    public var channels = 64
    /// Residual blocks at each resolution, on the way down and on the way up.
    public var blocks = 2
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 10)
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.5
    /// Which pixels are missing while it learns.
    public var holes = TrainingHoles.regions
    /// Weight of a Gaussian's likelihood around the means, as to the distribution's own, for images of many levels.
    public var meanShare = 1.0
    /// How what is far off reaches a pixel at the lowest resolution.
    public var context = GlobalContext.mixing

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .integer(
          "channels", \.channels, 2...512, "features a pixel at half the image's size", tiny: 8),
        .integer("blocks", \.blocks, 1...16, "residual blocks at each resolution, down and up"),
      ] + mixtureSettings + [
        .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
        .choice(
          "holes", \.holes, "holes to learn from: random sets of pixels, or regions too",
          formerly: .scattered),
        .real(
          "mean-share", \.meanShare, 0...100,
          "weight of the means' errors beside the likelihood, for more than 32 levels or RGB"),
        .choice(
          "context", \.context,
          "how far regions reach each other: by convolutions alone, or directly",
          formerly: GlobalContext.none),
      ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "any-order", family: "autoregressive",
    summary: "predicts any pixels from any others; exact under any mask, a pass a missing pixel",
    citation: "Hoogeboom et al. 2021, Autoregressive Diffusion Models, arXiv:2110.02037",
    learningRate: 2e-3, augmentationRole: .redrawing)

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  private let network: UNet
  private let output: Linear
  private let parameters: [Parameter]

  /// Registers the network under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    distribution = configuration.distribution(of: shape)
    network = UNet(
      scope / "network", inputs: shape.channels + 1, shape: shape,
      channels: configuration.channels, blocks: configuration.blocks, conditionCount: classCount,
      context: configuration.context)
    output = Linear(
      scope / "output", network.featureCount, distribution.parameterCount, gain: 0.1)
    parameters = scope.parameters
  }

  /// The one objective: the mean negative log-likelihood, orders and places in them drawn anew.
  public var objectives: [Objective] {
    [
      likelihoodObjective(
        parameters, labelDropout: configuration.labelDropout, holes: configuration.holes,
        meanShare: distribution is LogisticMixturePixel ? configuration.meanShare : 0)
    ]
  }

  /// Missing pixels are shown as grey, and a further channel says which they are.
  public func parameters(of batch: ImageBatch, missing: [Bool], _ pass: Pass) -> Tensor {
    let input = batch.shown(missing: missing, shape: shape)
    let condition = classCount > 0 ? oneHotLabels(batch.labels, classes: classCount) : nil
    let features = network(input.converted(to: pass.elementType), condition: condition)
    return output(features.converted(to: .float32))
  }
}
