import Layers
public import Tensors

/// A Boltzmann machine whose units are two groups without connections inside: its first hidden layer, and all the rest, which are
/// pixels, the units of a class, and where it is deep its second hidden layer.
///
/// Given one group the other is drawn at once, so that chains, annealing in both directions, clamped filling and sums over all states are the
/// same for a restricted machine and for one of two layers (Salakhutdinov and Hinton 2009, Deep Boltzmann Machines, section 3). A model
/// says how it learns about what is between the two: nothing, or by mean field.
public protocol BoltzmannMachine: Stateful, AnnealedScoring, ChainSampling, Completing, Encoding,
  Classifying
where Configuration: BoltzmannConfiguration, Filling == GibbsFilling {
  /// Parameters, chains and offsets.
  var units: BoltzmannUnits { get }
  /// Whether energies of images are bounds, by mean field.
  var isBound: Bool { get }

  /// -log of the unnormalised probability of image and class, or where the class is not known of the image, or an upper bound of
  /// it; float32 `[images]`.
  ///
  /// - Parameter pixels: zeros and ones, float32 `[images, pixels]`.
  func energies(_ pixels: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor
  /// The probability of each hidden unit, the first layer's before the second's; float32 `[images, latentCount]`.
  func hiddenMeans(_ pixels: Tensor, _ labels: [Int?]) -> Tensor
}

/// Settings of every Boltzmann machine.
public protocol BoltzmannConfiguration: ModelConfiguration {
  /// Units of the first hidden layer.
  var hidden: Int { get }
  /// Persistent chains.
  var chains: Int { get set }
  /// Sweeps of the chains a step.
  var sweeps: Int { get set }
  /// Sweeps from a chain to a sample.
  var samplingSweeps: Int { get set }
  /// Whether units are centred.
  var centring: Centring { get set }
  /// Inverse temperatures among which chains are swapped.
  var temperatures: Int { get set }
}

/// Whether a machine learns about its units or about their deviations from offsets.
public enum Centring: String, CaseIterable, Sendable {
  /// About units.
  case none
  /// About deviations from running means (Montavon and Müller 2012, Deep Boltzmann Machines and the Centering Trick, section 3).
  case moving
}

extension BoltzmannConfiguration {
  /// The settings of chains and of centring.
  static var chainSettings: [Setting<Self>] {
    [
      .integer(
        "chains", \.chains, 1...65536, "persistent chains, which tell what the model makes",
        tiny: 72),
      .integer("sweeps", \.sweeps, 1...10_000, "sweeps of the chains a step"),
      .integer(
        "sampling-sweeps", \.samplingSweeps, 0...1_000_000, "sweeps from a chain to a sample",
        tiny: 40),
    ]
  }

  /// Those that came later.
  static var centringSettings: [Setting<Self>] {
    [
      .choice(
        "centring", \.centring, "offsets of units: none, or their running means",
        formerly: Centring.none),
      .integer(
        "temperatures", \.temperatures, 1...256,
        "inverse temperatures from 1 down among which chains are swapped; 1: no tempering"),
    ]
  }
}

extension BoltzmannMachine {
  /// Zeros and ones, float32 `[images, dimensions]`.
  func pixels(of batch: ImageBatch) -> Tensor {
    batch.levels.reshaped(to: [batch.count, shape.dimensionCount])
  }

  /// The hidden units.
  public var latentCount: Int { configuration.hidden + units.upperCount }
  /// Encodings are points.
  public var givesVariances: Bool { false }

  /// The probability of each hidden unit given the image and, where that is known, its class.
  public func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
    Encodings(means: hiddenMeans(pixels(of: batch), batch.labels))
  }

  /// p(class | image), by the energies of the image with each class.
  public func classProbabilities(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    let pixels = pixels(of: batch)
    let columns = (0..<classCount).map { label in
      energies(pixels, [Int?](repeating: label, count: batch.count), Pass())
        .reshaped(to: [batch.count, 1])
    }
    return (-Tensor.concatenated(columns, axis: 1)).softmax()
  }
}
