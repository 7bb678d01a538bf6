public import Layers
public import Tensors

/// Restricted Boltzmann machine of binary units (Smolensky 1986; Hinton 2002, Training Products of Experts by Minimizing
/// Contrastive Divergence): p(v, y) ∝ exp(-F(v, y)), F(v, y) = -b·v - c_y - Σ_j softplus(a_j + W_j·v + U_yj).
///
/// Learnt by persistent contrastive divergence (Tieleman 2008, Training Restricted Boltzmann Machines using
/// Approximations to the Likelihood Gradient), or by chains that begin at the images of every step. The class is a group of visible units, one
/// of which is 1: images of known class teach p(v, y) and are scored by p(v | y), others teach and are scored by the sum over classes.
///
/// The normalising constant is exact where there are at most 14 hidden units, else estimated by annealed importance
/// sampling: log-likelihoods are then too high in the mean.
public struct RestrictedBoltzmannMachine: BoltzmannMachine {
  /// The settings of a restricted Boltzmann machine.
  public struct Configuration: BoltzmannConfiguration {
    /// Hidden units.
    public var hidden = 500
    /// Persistent chains.
    public var chains = 128
    /// Sweeps of the chains a step.
    public var sweeps = 1
    /// Sweeps from a chain to a sample.
    public var samplingSweeps = 200
    /// Whether units are centred.
    public var centring = Centring.none
    /// Inverse temperatures among which chains are swapped.
    public var temperatures = 1
    /// Which chains it learns from.
    public var start = ChainStart.persistent

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [.integer("hidden", \.hidden, 1...65536, "hidden units", tiny: 4)] + chainSettings
      + centringSettings + [
        .choice(
          "start", \.start,
          "chains that it learns from: persistent ones, or some that start at the images of a step",
          formerly: ChainStart.persistent)
      ]
  }

  /// Where the chains begin that a machine learns from.
  public enum ChainStart: String, CaseIterable, Sendable {
    /// Where they were after the step before.
    case persistent
    /// At the images of the step: contrastive divergence, whose gradient is biased the less the more sweeps there are.
    case images
  }

  /// What it is.
  public static let card = ModelCard(
    name: "rbm", family: "energy-based",
    summary: "restricted Boltzmann machine for images of two levels; features, samples by chains",
    citation: "Tieleman 2008, Training Restricted Boltzmann Machines using Approximations to the "
      + "Likelihood Gradient",
    recipe: "--batch 128 --minutes 10: 89.60 nats an image of fixed binarized MNIST by annealing "
      + "forwards, 89.90 backwards")

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
  /// Energies are exact.
  public var isBound: Bool { false }

  /// Registers parameters and chains under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    units = BoltzmannUnits(
      configuration, pixels: shape.dimensionCount, classCount: classCount, scope: scope)
  }

  /// The mean free energy of the images less that of chains, whose gradient estimates that of -log p.
  public var objectives: [Objective] {
    [
      Objective(name: "contrast", parameters: units.parameters, signal: .gradientEstimate) {
        batch, pass in
        guard configuration.start == .images, pass.isLearning else { return contrast(batch, pass) }
        let pixels = pixels(of: batch)
        let ofClass = batch.labels.flatMap { label in (0..<classCount).map { label == $0 ? 1 : 0 } }
        let start =
          classCount > 0
          ? Tensor.concatenated(
            [pixels, Tensor(ofClass.map(Float.init), shape: [batch.count, classCount])], axis: 1)
          : pixels
        let ends = units.machine(pass.elementType).swept(
          start, sweeps: configuration.sweeps, batch.noiseSources(pass))
        return energies(pixels, batch.labels, pass).mean()
          - energies(
            ends.sliced(0..<units.binaryCount, axis: 1),
            [Int?](repeating: nil, count: batch.count), pass
          ).mean()
      }
    ]
  }

  /// F(v, y), or where the class is not known F(v).
  public func energies(_ pixels: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor {
    units.freeEnergies(pixels, labels, pass)
  }

  /// The probability of each hidden unit, where the class is not known its mean over classes.
  public func hiddenMeans(_ pixels: Tensor, _ labels: [Int?]) -> Tensor {
    let shares = units.classScores(pixels, labels, Pass()).softmax()
    let probabilities = units.hiddenInputs(pixels, Pass()).sigmoid()
    return
      (probabilities * shares.reshaped(to: [labels.count, max(1, classCount), 1])).sum(axis: 1)
  }
}
