public import Layers

/// NICE (Dinh, Krueger and Bengio 2015, NICE: Non-linear Independent Components Estimation, arXiv:1410.8516): an
/// invertible map z = f(x) of images to independent logistic components, learnt by their exact density
/// log p(x) = Σ log p(z_i) + log |det ∂z/∂x|.
///
/// f is a chain of additive couplings between the values at even and at odd places (section 3.2), of which one part moves
/// the other by turns, then a scale of every component (section 3.3); the prior is the standard logistic distribution
/// (section 3.4). Images are dequantised: x = (level + u) / levels with u uniform in 0...1 (section 5.1). Departures: the
/// couplings' networks are given the class, if there is one, and some labels are hidden while learning; scales begin where
/// images roughly are, and learn faster than the rest.
public struct NonlinearIndependentComponents: NormalizingFlow {
  /// The settings of NICE.
  public struct Configuration: ModelConfiguration {
    /// Couplings, one after the other.
    public var couplings = 4
    /// Hidden layers of a coupling's network.
    public var layers = 5
    /// Features of a hidden layer.
    public var hidden = 1000
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] = [
      .integer("couplings", \.couplings, 2...64, "additive couplings"),
      .integer("layers", \.layers, 1...32, "hidden layers of a coupling's network", tiny: 2),
      .integer("hidden", \.hidden, 1...8192, "features of a hidden layer", tiny: 16),
      .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
    ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "nice", family: "flow",
    summary: "invertible map to independent components; density, one-pass samples, exact inverse",
    citation:
      "Dinh et al. 2015, NICE: Non-linear Independent Components Estimation, arXiv:1410.8516",
    recipe:
      "--unconditional --batch 32 --set hidden=1000 --set layers=2 --minutes 10: 4.554 bits per "
      + "dimension of MNIST at 256 levels, density of dequantised images")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// Couplings, then a scale of every component.
  public let bijector: any Bijector
  /// The standard logistic distribution.
  public let prior = ComponentPrior.logistic
  /// Uniform.
  public let dequantizer: Dequantizer
  private let parameters: [Parameter]

  /// Images of at least two values: one alone has nothing to be coupled to.
  public static func check(_ shape: ImageShape, classCount: Int) throws(ModelError) {
    guard shape.dimensionCount > 1 else {
      throw ModelError("'nice' couples values of an image, and one of \(shape) has a single value")
    }
  }

  /// Registers couplings and scales under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    let count = shape.dimensionCount
    let couplings = (0..<configuration.couplings).map { place in
      InterleavedCoupling(
        scope / "encoder.coupling\(place + 1)", count: count, movesOdd: place.isMultiple(of: 2),
        condition: classCount, layers: configuration.layers, hidden: configuration.hidden)
    }
    let row = [shape.height, shape.width, shape.channels]
    bijector = BijectorChain(
      [Flattening(row: row)] + couplings + [Scaling(scope / "prior", "scales", count: count)])
    dequantizer = Dequantizer(scope / "encoder.dequantizer", .uniform, shape: shape, features: 0)
    parameters = scope.parameters
  }

  /// The one objective: the mean negative log-density of dequantised images.
  public var objectives: [Objective] {
    [densityObjective(parameters, labelDropout: configuration.labelDropout)]
  }
}
