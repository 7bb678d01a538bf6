public import Layers
public import Tensors

/// Neural autoregressive distribution estimator (Larochelle and Murray 2011, section 3): p(x) = Π p(x_i | x_<i) over the pixels in
/// raster order, each factor by hidden units h_i = σ(c + Σ_j<i x_j W_j), whose sums are carried from pixel to pixel: all of
/// them cost D H, not D² H.
///
/// Departures: all channels of a pixel come at once; two levels are Bernoulli, few are categorical, many a discretised
/// logistic mixture (there Uria and others 2013, RNADE, have mixtures of Gaussians); a class shifts units and outputs, and some
/// labels are hidden while learning.
public struct NeuralAutoregressiveEstimator: Autoregressive {
  /// The settings of a NADE.
  public struct Configuration: PixelConfiguration {
    /// Hidden units.
    public var hidden = 500
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 5)
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .integer("hidden", \.hidden, 1...16384, "hidden units", tiny: 20)
      ] + mixtureSettings + [
        .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning")
      ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "nade", family: "autoregressive",
    summary: "hidden units carried from pixel to pixel, in one order; exact likelihoods",
    citation:
      "Larochelle and Murray 2011, The Neural Autoregressive Distribution Estimator, AISTATS",
    recipe:
      "--batch 64 --threads 1 --minutes 20: 88.12 nats an image of fixed binarized MNIST, exact")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  /// `[pixels, channels, hidden]` and `[pixels, outputs, hidden]`.
  let inputWeights: Parameter, outputWeights: Parameter
  /// `[hidden]` and `[pixels, outputs]`.
  let hiddenBias: Parameter, outputBias: Parameter
  private let ofClass: (hidden: Linear, output: Linear)?
  private let parameters: [Parameter]

  /// Registers weights and biases under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    distribution = configuration.distribution(of: shape)
    let (pixels, hidden) = (shape.pixelCount, configuration.hidden)
    let outputs = distribution.parameterCount
    inputWeights = scope.parameter(
      "input.weight", [pixels, shape.channels, hidden],
      .scaled(inputs: shape.dimensionCount, gain: 1))
    hiddenBias = scope.parameter("input.bias", [hidden], .constant(0))
    outputWeights = scope.parameter(
      "output.weight", [pixels, outputs, hidden], .scaled(inputs: hidden, gain: 0.3))
    outputBias = scope.parameter("output.bias", [pixels, outputs], .constant(0))
    ofClass =
      classCount > 0
      ? (
        Linear(scope / "class.hidden", classCount, hidden, bias: false),
        Linear(scope / "class.output", classCount, pixels * outputs, bias: false, gain: 0.1)
      ) : nil
    parameters = scope.parameters
  }

  /// The one objective: the mean negative log-likelihood.
  public var objectives: [Objective] { [likelihoodObjective(parameters)] }

  /// What units and outputs begin with: `[images, hidden]` and `[images or 1, pixels, outputs]`.
  func beginnings(labels: [Int?]) -> (hidden: Tensor, outputs: Tensor) {
    let size = outputBias.value.shape.sizes
    let hidden = hiddenBias.value.reshaped(to: [1, configuration.hidden])
    let outputs = outputBias.value.reshaped(to: Shape([1] + size))
    guard let ofClass else {
      return (hidden.broadcast(to: [labels.count, configuration.hidden]), outputs)
    }
    let classes = oneHotLabels(labels, classes: classCount)
    return (
      hidden + ofClass.hidden(classes),
      outputs + ofClass.output(classes).reshaped(to: Shape([labels.count] + size))
    )
  }

  /// The full pass, in float32 whatever else a pass computes in: its sums are long.
  public func outputs(of batch: ImageBatch, orders: [PixelOrder], _ pass: Pass) -> Tensor {
    let shown = batch.shownLabels(
      classCount: classCount, dropout: configuration.labelDropout, pass)
    let beginnings = beginnings(labels: shown)
    let values = batch.scaled(levelCount: shape.levels, to: .float32)
      .reshaped(to: [batch.count, shape.pixelCount, shape.channels])
    let sums = values.carriedUnitSums(
      start: beginnings.hidden, inputWeights: inputWeights.value,
      outputWeights: outputWeights.value)
    return (sums + beginnings.outputs)
      .reshaped(to: batch.levels.shape.replacing(-1, with: distribution.parameterCount))
  }
}
