public import Layers
import Platform
public import Tensors

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
      + "Likelihood Gradient")

  /// Images of two levels.
  public static func check(_ shape: ImageShape) throws(ModelError) {
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
  private let chains: StateTensor
  private let parameters: [Parameter]
  private let normalizers = KeptValue<AnnealedEstimate>()

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
      Objective(name: "contrast", parameters: parameters, signal: .gradientEstimate) { batch, pass in
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

  /// Where likelihoods are exact, they choose; an estimate at every validation would cost more than the training.
  public var weightSelection: WeightSelection { isExact ? .score : .last }

  /// Moves every chain on.
  public func updateState(after batch: ImageBatch, _ pass: Pass) {
    guard let noise = pass.noise else { return }
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

// MARK: - Energies

extension RestrictedBoltzmannMachine {
  /// Zeros and ones, float32 `[images, dimensions]`.
  private func pixels(of batch: ImageBatch) -> Tensor {
    batch.levels.reshaped(to: [batch.count, shape.dimensionCount])
  }

  /// -F(v, y) without the pixels' own part b·v, float32 `[images, classes]`; that of other classes is far too low where the
  /// class is known. A single column without classes.
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
  private func freeEnergies(_ pixels: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor {
    -(classScores(pixels, labels, pass).logSumExp(axis: 1)
      + (pixels * visibleBias.value).sum(axis: 1))
  }

  /// The machine with the classes among its visible units.
  private func machine(_ type: ElementType) -> RestrictedMachine {
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

// MARK: - Likelihoods

/// Chains and steps of the annealing that estimates a normalising constant, sweeps of the chains before they are annealed
/// backwards, and chains and steps for a hole.
private let (annealedChains, annealedSteps, settlingSweeps) = (128, 10_000, 10_000)
private let (holeChains, holeSteps) = (8, 400)

extension RestrictedBoltzmannMachine {
  private var isExact: Bool { configuration.hidden <= RestrictedMachine.mostEnumerated }

  /// Exact where there are few hidden units, else annealed estimates.
  public var scoreKind: ScoreKind { isExact ? .exact : .annealedEstimate(chains: annealedChains) }

  /// log p(v | y) where the class is known, else log Σ_y p(v, y).
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    let normalizers = Dictionary(
      uniqueKeysWithValues: Set(batch.labels).map { ($0, logNormalizer(label: $0, .forward).value) })
    let energies = freeEnergies(pixels(of: batch), batch.labels, Pass()).values
    return zip(energies, batch.labels).map { -Double($0) - (normalizers[$1] ?? .nan) }
  }

  /// log Σ_v exp(-F(v, y)): computed once for a class, kept until parameters or chains change.
  public func logNormalizer(label: Int?, _ direction: AnnealingDirection) -> AnnealedEstimate {
    if label == nil, classCount > 0 {
      return AnnealedEstimate(
        sumOf: (0..<classCount).map { logNormalizer(label: $0, direction) })
    }
    let isReverse = direction == .reverse && !isExact
    let place = (isReverse ? 1 + classCount : 0) + (label ?? 0)
    return normalizers(place, of: parameters.map(\.value) + [chains.value]) {
      let machine = machine(.float32)
      let all = HeldUnits(pixels: shape.dimensionCount, label: label, classCount: classCount)
      if isExact { return AnnealedEstimate(value: machine.exactLogPartition(all), standardError: 0) }
      return machine.annealedLogPartitions(
        [all], base: baseRates, chains: annealedChains, steps: annealedSteps,
        reverseFrom: isReverse ? [settled(label: label, machine)] : nil)[0]
    }
  }

  /// Visible units of the model after very many sweeps from its chains.
  private func settled(label: Int?, _ machine: RestrictedMachine) -> Tensor {
    let requests = (0..<annealedChains).map { chain in
      SampleRequest(
        label: label, random: RandomSource(seed: 2, purpose: .particles).at(chain))
    }
    return Tensor(
      units(requests.map(hole), sweeps: settlingSweeps, temperature: 1, machine).flatMap { $0 },
      shape: [annealedChains, machine.visibleCount])
  }

  /// The log-odds of each visible unit among the chains, which stand for the images that were learnt.
  private var baseRates: Tensor {
    let count = Float(configuration.chains)
    let rates = (chains.value.sum(axis: 0) + 1) / (count + 2)
    return rates.log() - (1 - rates).log()
  }

  /// log Σ of exp(-E) over all that is free, for each; equal ones are computed once.
  private func logPartitions(_ held: [HeldUnits]) -> [Double] {
    let machine = machine(.float32)
    let different = Array(Set(held))
    let values: [Double]
    if isExact {
      values = ThreadPool.map(different.count) { machine.exactLogPartition(different[$0]) }
    } else {
      values = machine.annealedLogPartitions(
        different, base: baseRates, chains: holeChains, steps: holeSteps
      ).map(\.value)
    }
    let byHeld = Dictionary(uniqueKeysWithValues: zip(different, values))
    return held.map { byHeld[$0] ?? .nan }
  }
}

// MARK: - Chains

/// How a chain fills a hole.
public struct GibbsFilling: FillingConfiguration {
  /// Sweeps of the chain.
  public var sweeps = 200

  /// The defaults.
  public init() {}

  /// Every option.
  public static let settings: [Setting<GibbsFilling>] = [
    .integer("sweeps", \.sweeps, 1...100_000, "sweeps of the chain that fills a hole")
  ]
}

extension RestrictedBoltzmannMachine {
  /// Goes on from a persistent chain that the request chooses, of its class where there is one, which is then held.
  ///
  /// A temperature divides energies, of hidden units too.
  public func samples(
    _ requests: [SampleRequest], temperature: Float, _ pass: Pass
  ) -> [Sample] {
    units(
      requests.map(hole), sweeps: configuration.samplingSweeps, temperature: temperature,
      machine(pass.elementType)
    ).map { Sample(levels: Array($0[..<shape.dimensionCount])) }
  }

  /// Fills holes by a chain whose known pixels are held: not exact.
  ///
  /// The likelihood of the drawn pixels is exp(-F(image)) over the sum of all that agrees with the known pixels: exact where
  /// there are few hidden units, else by an annealed estimate of that sum, so that it is too high in the mean.
  public func completions(
    _ requests: [CompletionRequest], _ filling: GibbsFilling, temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let holes = requests.map { request in
      Hole(
        held: held(request.levels, request.missing, request.label), label: request.label,
        random: request.random)
    }
    let images = units(
      holes, sweeps: filling.sweeps, temperature: temperature, machine(pass.elementType)
    ).map { Array($0[..<shape.dimensionCount]) }
    let scores = conditionalScores(
      zip(requests, images).map {
        ConditionalRequest(levels: $1, missing: $0.missing, label: $0.label)
      }, filling, pass)
    return zip(images, scores).map { Completion(levels: $0, logLikelihood: $1) }
  }

  /// log p(missing | known), as for completions.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ filling: GibbsFilling, _ pass: Pass
  ) -> [Double] {
    let partitions = logPartitions(
      requests.map { held($0.levels, $0.missing, $0.label) })
    let energies = Tiles.map(requests) { tile in
      let batch = ImageBatch(
        tile.padded.map(\.levels), labels: tile.padded.map(\.label), shape: shape)
      return Array(
        freeEnergies(pixels(of: batch), batch.labels, Pass()).values[..<tile.items.count])
    }
    return requests.indices.map { index in
      requests[index].missing.contains(true) ? -Double(energies[index]) - partitions[index] : 0
    }
  }

  /// Never exact, unless nothing is missing; scores are where there are few hidden units.
  public func outlook(_ missing: [Bool], _ filling: GibbsFilling) -> FillingOutlook {
    let isWhole = !missing.contains(true)
    return FillingOutlook(
      isExact: isWhole, method: "gibbs", isScoreExact: isWhole || isExact,
      scoreMethod: isExact ? "enumeration" : "annealed-estimate")
  }

  private func held(_ levels: [Float], _ missing: [Bool], _ label: Int?) -> HeldUnits {
    HeldUnits(
      levels: levels, missing: missing, channels: shape.channels, label: label,
      classCount: classCount)
  }

  /// What a chain fills.
  private struct Hole: Sendable {
    let held: HeldUnits
    let label: Int?
    let random: RandomSource
  }

  /// The whole image.
  private func hole(_ request: SampleRequest) -> Hole {
    Hole(
      held: HeldUnits(
        pixels: shape.dimensionCount, label: request.label, classCount: classCount),
      label: request.label, random: request.random)
  }

  /// The visible units of each hole after so many sweeps from a persistent chain.
  private func units(
    _ holes: [Hole], sweeps: Int, temperature: Float, _ machine: RestrictedMachine
  ) -> [[Float]] {
    let (present, width) = (chains.value.values, machine.visibleCount)
    let all = Array(0..<configuration.chains)
    return Tiles.map(holes) { tile in
      let rows = tile.padded
      let start = rows.flatMap { row in
        let ofClass =
          row.label.map { label in
            all.filter { present[$0 * width + shape.dimensionCount + label] == 1 }
          } ?? []
        let among = ofClass.isEmpty ? all : ofClass
        let draw = Int(row.random.with(purpose: .particles).uniform(0) * Float(among.count))
        let chain = among[min(among.count - 1, draw)]
        return present[chain * width..<(chain + 1) * width]
      }
      let units = machine.swept(
        Tensor(start, shape: [rows.count, width]), sweeps: sweeps, temperature: temperature,
        held: Clamp(rows.map(\.held)), rows.map(\.random)
      ).values
      return tile.items.indices.map { Array(units[$0 * width..<($0 + 1) * width]) }
    }
  }
}

// MARK: - Features

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
      means: (probabilities * shares.reshaped(to: [batch.count, max(1, classCount), 1])).sum(axis: 1))
  }
}
