public import Layers
public import Tensors

/// Orderless, deep NADE (Uria and others 2014, A Deep and Tractable Density Estimator, section 3): dense layers that see the known
/// pixels and a mask that says which these are, and predict every other one: p(x) = Π p(x_o(t) | x_o(<t)) for every order o.
///
/// Departures: silu, not relu; two levels are Bernoulli, few are categorical, many a discretised logistic mixture; some
/// labels are hidden while learning.
public struct OrderlessNade: OrderAgnostic {
  /// The settings of an orderless NADE.
  public struct Configuration: PixelConfiguration {
    /// Units of a hidden layer.
    public var hidden = 500
    /// Hidden layers.
    public var layers = 2
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 5)
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.5
    /// Which pixels are missing while it learns.
    public var holes = TrainingHoles.scattered
    /// Weight of a Gaussian's likelihood around the means, as to the distribution's own, for images of many levels.
    public var meanShare = 0.0

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .integer("hidden", \.hidden, 1...16384, "units of a hidden layer", tiny: 24),
        .integer("layers", \.layers, 1...16, "hidden layers"),
      ] + mixtureSettings + [
        .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
        .choice("holes", \.holes, "holes to learn from: random sets of pixels, or regions too"),
        .real(
          "mean-share", \.meanShare, 0...100,
          "weight of the means' errors beside the likelihood, for more than 32 levels or RGB"),
      ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "orderless-nade", family: "autoregressive",
    summary: "dense layers that predict any pixels from any others; exact under any mask",
    citation: "Uria et al. 2014, A Deep and Tractable Density Estimator, arXiv:1310.1757")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  private let hidden: [Linear]
  private let ofClass: Linear?
  private let output: Linear
  private let parameters: [Parameter]

  /// Registers the layers under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    distribution = configuration.distribution(of: shape)
    let inputs = shape.dimensionCount + shape.pixelCount
    let units = configuration.hidden
    hidden = (0..<configuration.layers).map {
      Linear(scope / "hidden\($0)", $0 == 0 ? inputs : units, units, gain: Float(2).squareRoot())
    }
    ofClass = classCount > 0 ? Linear(scope / "class", classCount, units, bias: false) : nil
    output = Linear(
      scope / "output", units, shape.pixelCount * distribution.parameterCount, gain: 0.1)
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

  /// Missing pixels are shown as zeros, and a number for each pixel says whether it is missing.
  public func parameters(of batch: ImageBatch, missing: [Bool], _ pass: Pass) -> Tensor {
    let image = batch.shown(missing: missing, shape: shape)
    var features = image.reshaped(to: [batch.count, image.count / batch.count])
      .converted(to: pass.elementType)
    for (index, layer) in hidden.enumerated() {
      var sums = layer(features)
      if index == 0, let ofClass {
        sums =
          sums
          + ofClass(oneHotLabels(batch.labels, classes: classCount)).converted(to: sums.elementType)
      }
      features = sums.silu()
    }
    return output(features).converted(to: .float32)
      .reshaped(to: batch.levels.shape.replacing(-1, with: distribution.parameterCount))
  }
}
