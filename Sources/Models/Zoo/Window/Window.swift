public import Layers
public import Tensors

/// p(x) = Π p(x_i | the pixels before x_i in a window) over the pixels in raster order.
///
/// With weights of each pixel's own and no limit to the window it is a fully visible belief network (Neal 1992, Connectionist
/// Learning of Belief Networks; Frey and others 1996, Does the Wake-Sleep Algorithm Produce Good Density Estimators?): a
/// logistic regression a pixel. Weights that all pixels share are a causal convolution, and with hidden units a small network
/// that is moved over the image; it is told each pixel's place.
///
/// Departures: some labels are hidden while learning; two levels are Bernoulli, few are categorical, many a discretised
/// logistic mixture, whose parameters are linear.
public struct Window: Autoregressive {
  /// The settings of a window model.
  public struct Configuration: PixelConfiguration {
    /// Whether every pixel has weights of its own.
    public var weights = WeightSharing.own
    /// Pixels before, in raster order, that a pixel sees; 0: all.
    public var reach = 0
    /// Rows above that it sees; 0: all.
    public var rows = 0
    /// Columns to either side that it sees; 0: all.
    public var columns = 0
    /// Hidden units of shared weights; 0: linear.
    public var hidden = 0
    /// Hidden layers of them.
    public var layers = 1
    /// Nats an image that a squared weight of one costs, a Gaussian prior of the weights.
    public var decay = 2e-4
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 5)
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .choice("weights", \.weights, "weights of each pixel's own, or shared by all"),
        .integer(
          "reach", \.reach, 0...1_000_000,
          "pixels before it that a pixel sees, in raster order; 0: all"),
        .integer("rows", \.rows, 0...16384, "rows above that it sees; 0: all"),
        .integer("columns", \.columns, 0...16384, "columns to either side that it sees; 0: all"),
        .integer("hidden", \.hidden, 0...8192, "hidden units of shared weights; 0: linear"),
        .integer("layers", \.layers, 1...16, "hidden layers of shared weights"),
        .real("decay", \.decay, 0...1, "nats an image that a squared weight costs while learning"),
      ] + mixtureSettings + [
        .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning")
      ]
  }

  /// Whose a window's weights are.
  public enum WeightSharing: String, CaseIterable, Sendable {
    /// Of one pixel.
    case own
    /// Of all pixels.
    case shared
  }

  /// What it is.
  public static let card = ModelCard(
    name: "window", family: "autoregressive",
    summary:
      "each pixel by a regression on those before it, all or the nearest ones; exact likelihoods",
    citation:
      "Frey et al. 1996, Does the Wake-Sleep Algorithm Produce Good Density Estimators?, NIPS",
    recipe:
      "--batch 256 --learning-rate 0.002 --threads 1 --minutes 2.5: 97.74 nats an image of fixed "
      + "binarized MNIST, exact")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  private let network: any WindowNetwork
  private let parameters: [Parameter]

  /// Most weights of a model whose pixels have weights of their own.
  private static let mostWeights = 100_000_000

  /// Registers the weights under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    distribution = configuration.distribution(of: shape)
    let outputs = distribution.parameterCount
    switch configuration.weights {
    case .own:
      guard configuration.hidden == 0 else {
        throw ModelError(
          "setting 'hidden' of 'window' is for shared weights: give 'weights=shared' too, or see 'made' and 'nade'"
        )
      }
      let count = shape.pixelCount * outputs * shape.dimensionCount
      guard count <= Self.mostWeights else {
        throw ModelError(
          "a 'window' with weights of each pixel's own would have \(count / 1_000_000) million of them for images of "
            + "\(shape): use 'weights=shared' with 'rows' and 'columns', fewer 'mixtures', or smaller images"
        )
      }
      network = OwnWindow(
        scope, configuration, shape: shape, classCount: classCount, outputs: outputs)
    case .shared:
      guard configuration.reach > 0 || (configuration.rows > 0 && configuration.columns > 0) else {
        throw ModelError(
          "shared weights of 'window' need a window: give 'reach', or 'rows' and 'columns'")
      }
      network = SharedWindow(
        scope, configuration, shape: shape, classCount: classCount, outputs: outputs)
    }
    parameters = scope.parameters
  }

  /// The one objective: the mean negative log-likelihood, and while learning what weights cost.
  public var objectives: [Objective] {
    [likelihoodObjective(parameters) { network.squaredWeights() * Float(configuration.decay) }]
  }

  /// The full pass: all pixels at once.
  public func outputs(of batch: ImageBatch, orders: [PixelOrder], _ pass: Pass) -> Tensor {
    let shown = batch.shownLabels(
      classCount: classCount, dropout: configuration.labelDropout, pass)
    return network(
      batch.scaled(levelCount: shape.levels, to: pass.elementType), classes: classes(shown))
  }

  private func classes(_ labels: [Int?]) -> Tensor? {
    classCount > 0 ? oneHotLabels(labels, classes: classCount) : nil
  }

  /// What draws a pixel at a time: the share of the full pass that the pixel takes.
  public func outputStepper(
    labels: [Int?], orders: [PixelOrder], _ pass: Pass
  ) -> any PixelStepper {
    WindowStepper(
      shape: shape, network.pixelNetwork(classes: classes(Tiles.padded(labels)), pass.elementType))
  }
}

/// What computes a window model's pixels.
protocol WindowNetwork: Sendable {
  /// All pixels: `[images, height, width, channels]` to float32 `[images, height, width, outputs]`.
  func callAsFunction(_ image: Tensor, classes: Tensor?) -> Tensor

  /// The sum of the squares of all weights that pixels are multiplied by, a scalar.
  func squaredWeights() -> Tensor

  /// One pixel of a tile: from its number and the pixels known so far to float32 `[tile, outputs]`.
  func pixelNetwork(classes: Tensor?, _ type: ElementType) -> (Int, PixelHistory) -> Tensor
}
