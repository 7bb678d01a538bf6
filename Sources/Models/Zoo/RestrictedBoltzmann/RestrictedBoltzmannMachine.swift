public import Layers
import Tensors

/// Restricted Boltzmann machine of binary units (Smolensky 1986; Hinton 2002, Training Products of Experts by Minimizing
/// Contrastive Divergence): p(v, y) ∝ exp(-F(v, y)), F(v, y) = -b·v - c_y - Σ_j softplus(a_j + W_j·v + U_yj).
///
/// Learnt by persistent contrastive divergence (Tieleman 2008, Training Restricted Boltzmann Machines using
/// Approximations to the Likelihood Gradient). The class is a group of visible units, one of which is 1: images of known
/// class teach p(v, y) and are scored by p(v | y), others teach and are scored by the sum over classes.
///
/// The normalising constant is exact where there are at most 14 hidden units, else estimated by annealed importance
/// sampling: log-likelihoods are then too high in the mean.
public struct RestrictedBoltzmannMachine: Stateful, AnnealedScoring, Sampling, Completing, Encoding
{
  /// The settings of a restricted Boltzmann machine.
  public struct Configuration: ModelConfiguration {
    /// Hidden units.
    public var hidden = 500
    /// Persistent chains.
    public var chains = 128
    /// Sweeps of the chains a step.
    public var sweeps = 1
    /// Sweeps from a chain to a sample.
    public var samplingSweeps = 200

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] = [
      .integer("hidden", \.hidden, 1...65536, "hidden units", tiny: 4),
      .integer(
        "chains", \.chains, 1...65536, "persistent chains, which tell what the model makes",
        tiny: 72),
      .integer("sweeps", \.sweeps, 1...10_000, "sweeps of the chains a step"),
      .integer(
        "sampling-sweeps", \.samplingSweeps, 0...1_000_000, "sweeps from a chain to a sample",
        tiny: 40),
    ]
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
    if shape.levels == 2 { return }
    throw ModelError(
      "'rbm' is a model of images of two levels, not of \(shape.levels): use --levels 2")
  }

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// W `[hidden, dimensions]`, a `[hidden]`, b `[dimensions]`.
  private let weight, hiddenBias, visibleBias: Parameter
  /// U `[classes, hidden]`, c `[classes]`.
  private let classWeight, classBias: Parameter?
  /// Float32 `[chains, dimensions + classes]`.
  let chains: StateTensor
  let parameters: [Parameter]
  let normalizers = KeptValue<AnnealedEstimate>()

  /// Registers parameters and chains under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    let (hidden, dimensions) = (configuration.hidden, shape.dimensionCount)
    weight = scope.parameter("weight", [hidden, dimensions], .normal(deviation: 0.01))
    hiddenBias = scope.parameter("hidden_bias", [hidden], .constant(0))
    visibleBias = scope.parameter("visible_bias", [dimensions], .constant(0))
    (classWeight, classBias) =
      classCount > 0
      ? (
        scope.parameter("class_weight", [classCount, hidden], .normal(deviation: 0.01)),
        scope.parameter("class_bias", [classCount], .constant(0))
      ) : (nil, nil)
    parameters = scope.parameters
    chains = scope.state(
      "chains", [configuration.chains, dimensions + classCount], .uniform(bound: 1))
    // Noise until the first sweep, in the units of a class too.
    chains.assign(chains.value.less(than: Tensor(0)))
  }

  /// The mean free energy of the images less that of the chains, whose gradient estimates that of -log p.
  public var objectives: [Objective] {
    [
      Objective(name: "contrast", parameters: parameters, signal: .gradientEstimate) {
        batch, pass in
        let (index, count) = pass.learning?.shard ?? (0, 1)
        let first = configuration.chains * index / count
        let last = max(first + 1, configuration.chains * (index + 1) / count)
        let ofChains = chains.value.sliced(first..<last, axis: 0)
          .sliced(0..<shape.dimensionCount, axis: 1)
        let unknown = [Int?](repeating: nil, count: last - first)
        return freeEnergies(pixels(of: batch), batch.labels, pass).mean()
          - freeEnergies(ofChains, unknown, pass).mean()
      }
    ]
  }

  /// The score where likelihoods are exact, else the last weights.
  ///
  /// An estimate at every validation would cost more than the steps between two,
  /// and its error is larger than what they gain. The rate falls to nearly nothing, so that the last weights are good ones.
  public var weightSelection: WeightSelection { isExact ? .score : .last }

  /// Moves every chain on; after the first step, visible biases are set to the log-odds of its images.
  ///
  /// Where weights must learn first which pixels are rare, few hidden units end up all saturated (Hinton 2010, A Practical
  /// Guide to Training Restricted Boltzmann Machines, section 8).
  public func updateState(after batch: ImageBatch, _ pass: Pass) {
    guard let noise = pass.noise else { return }
    if pass.learning?.step == 0 {
      visibleBias.assign(RestrictedMachine.logOdds(pixels(of: batch)))
    }
    let (machine, present) = (machine(pass.elementType), chains.value)
    let moved = ThreadPool.map(Tiles.count(configuration.chains)) { tile in
      let range = Tiles.range(tile, of: configuration.chains)
      return machine.swept(
        present.sliced(range, axis: 0), sweeps: configuration.sweeps,
        range.map { noise.derived($0) })
    }
    chains.assign(Tensor.concatenated(moved, axis: 0))
  }
}

extension RestrictedBoltzmannMachine {
  /// Zeros and ones, float32 `[images, dimensions]`.
  func pixels(of batch: ImageBatch) -> Tensor {
    batch.levels.reshaped(to: [batch.count, shape.dimensionCount])
  }

  /// -F(v, y) without the pixels' own part b·v, float32 `[images, classes]`.
  ///
  /// That of other classes is far too low where the class is known. A single column without classes.
  private func classScores(_ pixels: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor {
    let inputs = hiddenInputs(pixels, pass)
    let scores = inputs.softplus().sum(axis: 2)
    guard let classBias else { return scores }
    let other = Tensor(shape: scores.shape) { buffer in
      for i in buffer.indices {
        let label = labels[i / classCount]
        buffer[i] = label == nil || label == i % classCount ? 0 : -1e9
      }
    }
    return scores + classBias.value + other
  }

  /// What pulls hidden units for each class, float32 `[images, classes, hidden]`.
  private func hiddenInputs(_ pixels: Tensor, _ pass: Pass) -> Tensor {
    let inputs = pixels.converted(to: pass.elementType)
      .linear(weights: weight.value, bias: hiddenBias.value).converted(to: .float32)
      .reshaped(to: [pixels.shape[0], 1, configuration.hidden])
    return classWeight.map { inputs + $0.value } ?? inputs
  }

  /// F(v, y), or where the class is not known F(v) = -log Σ_y exp(-F(v, y)); float32 `[images]`.
  func freeEnergies(_ pixels: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor {
    -(classScores(pixels, labels, pass).logSumExp(axis: 1)
      + (pixels * visibleBias.value).sum(axis: 1))
  }

  /// The machine with the classes among its visible units.
  func machine(_ type: ElementType) -> RestrictedMachine {
    var (weights, bias) = (weight.value.detached, visibleBias.value.detached)
    if let classWeight, let classBias {
      weights = Tensor.concatenated([weights, classWeight.value.detached.transposed()], axis: 1)
      bias = Tensor.concatenated([bias, classBias.value.detached], axis: 0)
    }
    return RestrictedMachine(
      weights: weights, visibleBias: bias, hiddenBias: hiddenBias.value,
      pixelCount: shape.dimensionCount, type)
  }
}

extension RestrictedBoltzmannMachine {
  /// The hidden units.
  public var latentCount: Int { configuration.hidden }
  /// Encodings are points.
  public var givesVariances: Bool { false }

  /// The probability of each hidden unit given the image and, where that is known, its class.
  public func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
    let pixels = pixels(of: batch)
    let shares = classScores(pixels, batch.labels, Pass()).softmax()
    let probabilities = hiddenInputs(pixels, Pass()).sigmoid()
    return Encodings(
      means: (probabilities * shares.reshaped(to: [batch.count, max(1, classCount), 1])).sum(
        axis: 1))
  }
}
