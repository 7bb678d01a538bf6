public import Layers

/// Real NVP (Dinh, Sohl-Dickstein and Bengio 2017, Density Estimation Using Real NVP, arXiv:1605.08803): an invertible map of images to
/// independent normal components by affine couplings, scale by scale.
///
/// A scale is three couplings between the squares of a chequerboard, a squeeze of two by two pixels into channels, and three couplings
/// between channels; half of the channels then go on to the next one. The last has four couplings of chequerboards. Points are drawn out by the logit
/// first. Departures: networks have neither batch nor weight normalisation; as many scales as sizes can be halved for; the class is told to
/// every coupling, and some labels are hidden while learning; variational dequantisation as a setting (Flow++).
public struct RealNVP: NormalizingFlow {
  /// The settings of Real NVP.
  public struct Configuration: ModelConfiguration {
    /// Scales, as far as height and width can be halved.
    public var scales = 2
    /// Couplings of each kind in a scale.
    public var couplings = 3
    /// Features of a coupling's convolutions.
    public var channels = 32
    /// Residual blocks of a coupling's network.
    public var blocks = 2
    /// How far points are kept from the edges before the logit.
    public var margin = 0.05
    /// What components are.
    public var prior = ComponentPrior.normal
    /// How levels become points.
    public var dequantization = Dequantization.uniform
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] = [
      .integer("scales", \.scales, 1...8, "scales, as far as height and width can be halved"),
      .integer("couplings", \.couplings, 1...32, "couplings of each kind in a scale", tiny: 2),
      .integer("channels", \.channels, 1...512, "features of a coupling's convolutions", tiny: 6),
      .integer("blocks", \.blocks, 0...32, "residual blocks of a coupling's network", tiny: 1),
      .real(
        "margin", \.margin, 0.000001...0.4,
        "how far from 0 and 1 points are kept before the logit"),
      .choice(
        "prior", \.prior, "distribution of the components", alternative: .logistic),
      .choice(
        "dequantization", \.dequantization,
        "noise that is added to levels: uniform, or drawn by a network", alternative: .variational),
      .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
    ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "realnvp", family: "flow",
    summary:
      "convolutional invertible map, scale by scale; density, one-pass samples, exact inverse",
    citation: "Dinh et al. 2017, Density Estimation Using Real NVP, arXiv:1605.08803",
    recipe:
      "--unconditional --threads 1 --minutes 12: 1.438 bits per dimension of MNIST at 256 levels, "
      + "density of dequantised images")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The logit, then scale by scale.
  public let bijector: any Bijector
  /// What components are.
  public var prior: ComponentPrior { configuration.prior }
  /// How levels become points.
  public let dequantizer: Dequantizer
  private let parameters: [Parameter]

  /// Images of at least two values: one alone has nothing to be coupled to.
  public static func check(_ shape: ImageShape, classCount: Int) throws(ModelError) {
    guard shape.dimensionCount > 1 else {
      throw ModelError(
        "'realnvp' couples values of an image, and one of \(shape) has a single value")
    }
  }

  /// Registers couplings and dequantiser under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    bijector = BijectorChain([
      Logit(margin: Float(configuration.margin)),
      Self.scales(configuration, shape, classCount, scope / "encoder"),
    ])
    dequantizer = Dequantizer(
      scope / "encoder.dequantizer", configuration.dequantization, shape: shape,
      features: configuration.channels)
    parameters = scope.parameters
  }

  /// The one objective: the mean negative log-density of dequantised images.
  public var objectives: [Objective] {
    [densityObjective(parameters, labelDropout: configuration.labelDropout)]
  }

  /// Height, width and channels of what a scale works on.
  private typealias Size = (height: Int, width: Int, channels: Int)

  private static func scales(
    _ configuration: Configuration, _ shape: ImageShape, _ classCount: Int, _ scope: Scope
  ) -> MultiScale {
    /// Couplings that hold one half and the other by turns.
    func couplings(
      _ scope: Scope, _ size: Size, count: Int, _ mask: (Bool) -> AffineCoupling.Mask
    ) -> BijectorChain {
      BijectorChain(
        (0..<count).map { index in
          AffineCoupling(
            scope / "coupling\(index)", mask(index.isMultiple(of: 2)), size: size,
            condition: classCount, features: configuration.channels, blocks: configuration.blocks)
        })
    }
    var size: Size = (shape.height, shape.width, shape.channels)
    var scales: [(bijector: any Bijector, size: Size)] = []
    while scales.count < configuration.scales, size.height % 2 == 0, size.width % 2 == 0 {
      let own = scope / "scale\(scales.count)"
      let spread = couplings(own / "pixels", size, count: configuration.couplings) {
        .checkerboard(holdsFirst: $0)
      }
      size = (size.height / 2, size.width / 2, 4 * size.channels)
      let mixed = couplings(own / "channels", size, count: configuration.couplings) {
        .channels(holdsFirst: $0)
      }
      scales.append((BijectorChain([spread, Squeeze(), mixed]), size))
      size.channels /= 2
    }
    let isPixel = size.height * size.width == 1
    let last = couplings(scope / "last", size, count: configuration.couplings + 1) {
      isPixel ? .channels(holdsFirst: $0) : .checkerboard(holdsFirst: $0)
    }
    return MultiScale(scales + [(last, size)])
  }
}
