public import Layers
import Platform
import Tensors

/// Mixture of Bernoullis or categoricals: p(x | c) = Σ_k p(k | c) Π_d p(x_d | k), every value of an image independent
/// of the others given a component that is not seen.
///
/// Learnt by expectation maximisation (Dempster, Laird and Rubin 1977; Bishop 2006, section 9.3.3) from several starts,
/// of which the best after a few iterations goes on (Biernacki, Celeux and Govaert 2003). Classes share the components
/// and have weights of their own; images without a label teach the components too. Any mask is exact: the posterior
/// over components given the known pixels, then the missing pixels.
///
/// Departures: pseudo-counts pull a component towards the frequencies of all images, so that pixels which never vary
/// cost nothing and a component of few images stays sensible; beyond 32 levels, neighbouring levels share a frequency.
public struct Mixture: MixtureModel {
  /// The settings of a mixture.
  public struct Configuration: ModelConfiguration {
    /// Components, of all classes together.
    public var components = 100
    /// Starts, of which the best goes on.
    public var restarts = 3
    /// Most passes over the images after which learning ends.
    public var iterations = 100
    /// Counts added to each component's frequencies of a value, all levels together.
    public var smoothing = 2.0

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] = [
      .integer(
        "components", \.components, 1...10000, "components, of all classes together", tiny: 3),
      .integer("restarts", \.restarts, 1...1000, "starts, of which the best goes on"),
      .integer(
        "iterations", \.iterations, 1...10000, "most passes; fewer where nothing improves"),
      .real(
        "smoothing", \.smoothing, 0.001...1000,
        "images of the overall frequencies that each component has seen beforehand"),
    ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "mixture", family: "mixture",
    summary: "mixture of independent pixels; exact under any mask, learnt in seconds",
    citation: "Bishop 2006, Pattern Recognition and Machine Learning, section 9.3.3")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// Probabilities are fitted, not descended to.
  public let objectives: [Objective] = []
  private let seed: UInt64
  private let bins: LevelBins
  /// Float32 `[classes, components]`: log p(class, component).
  private let logWeight: Parameter
  /// Float32 `[dimensions, bins, components]`.
  private let logProbability: Parameter

  /// Registers `log_weight` and `log_probability` under `scope`, uniform before they are fitted.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    seed = scope.seed
    bins = LevelBins(levels: shape.levels)
    let (classes, count) = (max(1, classCount), configuration.components)
    logWeight = scope.parameter(
      "log_weight", [classes, count], .constant(-logf(Float(classes * count))))
    logProbability = scope.parameter(
      "log_probability", [shape.dimensionCount, bins.count, count],
      .constant(-logf(Float(shape.levels))))
  }

  /// The components.
  public var components: PixelComponents {
    PixelComponents(
      shape: shape, bins: bins,
      table: logProbability.value.detached
        .reshaped(to: [shape.dimensionCount * bins.count, configuration.components]))
  }

  /// Weights of a class, or of all classes together.
  public func logWeights(label: Int?) -> [Double] {
    let (values, count) = (logWeight.value.values.map(Double.init), configuration.components)
    if let label { return normalizedLogits(Array(values[label * count..<(label + 1) * count])) }
    return normalizedLogits(
      (0..<count).map { k in
        logSumExp(stride(from: k, to: values.count, by: count).map { values[$0] })
      })
  }

  /// Learns components and weights by expectation maximisation.
  public func fitter(_ batches: ((ImageBatch) -> Void) -> Void) -> any Fitter {
    var images = BinnedImages(shape: shape)
    batches { images.append($0) }
    let learner = MixtureLearner(
      images, classes: max(1, classCount), components: configuration.components,
      smoothing: configuration.smoothing)
    return MixtureFitter(
      learner, restarts: configuration.restarts, iterations: configuration.iterations, seed: seed
    ) { learnt in
      logWeight.assign(
        Tensor(
          learnt.logWeights.joined().map { Float($0) },
          shape: [learnt.logWeights.count, configuration.components]))
      logProbability.assign(learnt.table.reshaped(to: logProbability.value.shape))
    }
  }
}
