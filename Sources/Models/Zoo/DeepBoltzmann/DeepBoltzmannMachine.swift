public import Layers
public import Tensors

/// Deep Boltzmann machine of two hidden layers (Salakhutdinov and Hinton 2009, Deep Boltzmann Machines): p(v, y) ∝ Σ exp(-E) over h and u,
/// E = -b·v - d·u - c_y - h·(a + W v + V u + U_y), h being the first hidden layer, u the second.
///
/// Learnt all at once: about images by mean field (section 2.1), about what the model makes by persistent chains, and about deviations from running
/// means, so that no layer needs to be learnt before the others (Montavon and Müller 2012, Deep Boltzmann Machines and the Centering
/// Trick). Departures: the class is a group of units that are connected to the first hidden layer; the file's `weight` is W and V side by
/// side, `visible_bias` b and d.
///
/// Scores are lower bounds: mean field's free energy less the logarithm of the normalising constant. That is exact where the first layer
/// has at most 14 units, else estimated by annealed importance sampling.
public struct DeepBoltzmannMachine: BoltzmannMachine {
  /// The settings of a deep Boltzmann machine.
  public struct Configuration: BoltzmannConfiguration {
    /// Units of the first hidden layer.
    public var hidden = 512
    /// Units of the second hidden layer.
    public var second = 1024
    /// Mean-field updates of an image that is learnt.
    public var updates = 10
    /// Persistent chains.
    public var chains = 128
    /// Sweeps of the chains a step.
    public var sweeps = 1
    /// Sweeps from a chain to a sample.
    public var samplingSweeps = 200
    /// Whether units are centred.
    public var centring = Centring.moving
    /// Inverse temperatures among which chains are swapped.
    public var temperatures = 1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .integer("hidden", \.hidden, 1...65536, "units of the first hidden layer", tiny: 4),
        .integer("second", \.second, 1...65536, "units of the second hidden layer", tiny: 3),
        .integer("updates", \.updates, 1...1000, "mean-field updates of an image that is learnt"),
      ] + chainSettings + centringSettings
  }

  /// What it is.
  public static let card = ModelCard(
    name: "dbm", family: "energy-based",
    summary:
      "deep Boltzmann machine of two hidden layers for images of two levels; features, samples by chains",
    citation: "Salakhutdinov and Hinton 2009, Deep Boltzmann Machines")

  /// Images of two levels.
  public static func check(_ shape: ImageShape, classCount: Int) throws(ModelError) {
    try checkLevels(shape)
  }

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// Parameters, chains and offsets.
  public let units: BoltzmannUnits
  /// Energies are bounds.
  public var isBound: Bool { true }

  /// Registers parameters and chains under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    units = BoltzmannUnits(
      configuration, pixels: shape.dimensionCount, upper: configuration.second,
      classCount: classCount, scope: scope)
  }

  /// The mean bound of the images' energies less the free energy of the chains, whose gradient estimates that of the bound.
  public var objectives: [Objective] {
    [
      Objective(
        name: "contrast", parameters: units.parameters, signal: .gradientEstimate, value: contrast)
    ]
  }

  /// The least mean-field free energy that was found, or where the class is not known what those of all classes come to.
  public func energies(_ pixels: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor {
    let guesses = self.guesses(pixels, labels)
    let updates = pass.isLearning ? configuration.updates : usedUpdates
    let upper = upperMeans(guesses, updates: updates, pass)
    let bounds =
      upper.entropy
      - units.freeEnergies(
        .concatenated([guesses.pixels, upper.means], axis: 1), guesses.labels, pass)
    return -guesses.ofImages(bounds).logSumExp(axis: 1)
  }

  /// The mean-field probability of each unit of both layers, where the class is not known their mean over classes.
  public func hiddenMeans(_ pixels: Tensor, _ labels: [Int?]) -> Tensor {
    let guesses = self.guesses(pixels, labels)
    let upper = upperMeans(guesses, updates: usedUpdates, Pass())
    let binary = Tensor.concatenated([guesses.pixels, upper.means], axis: 1)
    let bounds = upper.entropy - units.freeEnergies(binary, guesses.labels, Pass())
    let means = Tensor.concatenated([lowerInputs(binary, guesses).sigmoid(), upper.means], axis: 1)
    let shares = guesses.ofImages(bounds).softmax().transposed()
    return
      (means.reshaped(to: [guesses.perImage, labels.count, latentCount])
      * shares.reshaped(to: [guesses.perImage, labels.count, 1])).sum(axis: 0)
  }

  /// Mean-field updates of an image that is not learnt: converged but for rounding.
  private var usedUpdates: Int { max(50, configuration.updates) }
}
