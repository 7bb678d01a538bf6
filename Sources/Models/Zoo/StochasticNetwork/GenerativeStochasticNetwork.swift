public import Layers
import Tensors

/// Generative stochastic network (Bengio, Laufer, Alain and Yosinski 2014, Deep Generative Stochastic Networks Trainable by Backprop,
/// arXiv:1306.1091): a Markov chain that learns to undo its own noise, and whose stationary distribution is then that of the images.
///
/// No density is ever written down.
/// A step of the chain spoils the image with salt and pepper, computes hidden units from it and from the layer above, with Gaussian noise
/// before their tanh, and draws a new image from what they say. It learns by walk-back (section 3.2 of Bengio, Yao, Alain and Vincent 2013,
/// Generalized Denoising Auto-Encoders as Generative Models): after every one of several steps from an image, that image is to be likely.
/// Departures: weights up and down are not tied; noise is added before the tanh alone; any number of levels, by the distributions that
/// other models have; the class is told to hidden units and pixels, and some labels are hidden while learning.
public struct GenerativeStochasticNetwork: Stateful, Sampling, Completing, Encoding {
  /// The settings of a generative stochastic network.
  public struct Configuration: PixelConfiguration {
    /// Units of a hidden layer.
    public var hidden = 1500
    /// Hidden layers: the second feeds back to the first.
    public var layers = 2
    /// Share of pixels that are spoilt in a step.
    public var corruption = 0.4
    /// Deviation of what is added before the tanh.
    public var noise = 2.0
    /// Steps of the chain from an image that it learns by.
    public var walkback = 4
    /// Steps of the chain before an image is taken.
    public var steps = 100
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 5)
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .integer("hidden", \.hidden, 1...16384, "units of a hidden layer", tiny: 12),
        .integer("layers", \.layers, 1...2, "hidden layers; the second feeds back to the first"),
        .real("corruption", \.corruption, 0...0.9, "share of pixels that a step spoils"),
        .real("noise", \.noise, 0...10, "deviation of what is added before the tanh"),
        .integer(
          "walkback", \.walkback, 1...64, "steps from an image that it learns by", tiny: 1),
        .integer(
          "steps", \.steps, 1...100_000, "steps of the chain before an image is taken", tiny: 3),
      ] + mixtureSettings + [
        .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning")
      ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "gsn", family: "markov-chain",
    summary: "a chain that learns to undo its own noise; samples and holes by running it",
    citation:
      "Bengio et al. 2014, Deep Generative Stochastic Networks Trainable by Backprop, arXiv:1306.1091",
    recipe: "--batch 100 --minutes 2: digits that can be read, of fixed binarized MNIST"
  )

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The distribution of a pixel.
  let distribution: any PixelDistribution
  private let upward: Linear
  private let second: Linear?, feedback: Linear?
  private let output: Linear
  private let ofClass: (hidden: Linear, output: Linear)?
  /// The mean image, in levels: where chains begin.
  let mean: StateTensor
  private let parameters: [Parameter]

  /// Registers the layers under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    distribution = configuration.distribution(of: shape)
    let (units, outputs) = (configuration.hidden, shape.pixelCount * distribution.parameterCount)
    upward = Linear(scope / "encoder.first", shape.dimensionCount, units)
    let hasSecond = configuration.layers > 1
    second = hasSecond ? Linear(scope / "encoder.second", units, units) : nil
    feedback = hasSecond ? Linear(scope / "encoder.feedback", units, units, bias: false) : nil
    output = Linear(scope / "output", units, outputs, gain: 0.1)
    ofClass =
      classCount > 0
      ? (
        Linear(scope / "class.hidden", classCount, units, bias: false),
        Linear(scope / "class.output", classCount, outputs, bias: false, gain: 0.1)
      ) : nil
    mean = scope.state(
      "mean", [1, shape.height, shape.width, shape.channels], .constant(0))
    parameters = scope.parameters
  }

  /// The one objective: how unlikely an image is after steps of the chain from it, in nats, the mean over the steps.
  public var objectives: [Objective] {
    [
      Objective(name: "reconstruction", parameters: parameters) { batch, pass in
        let labels = batch.shownLabels(
          classCount: classCount, dropout: configuration.labelDropout, pass)
        var walk = Walk(self, labels: labels, batch.noiseSources(pass), pass)
        // What images are chosen by is the first step, which draws none.
        let steps = pass.isLearning ? configuration.walkback : 1
        var (levels, losses) = (batch.levels, Tensor(0))
        for step in 0..<steps {
          let numbers = walk.step(from: levels)
          losses =
            losses
            + distribution.negativeLogLikelihood(parameters: numbers, levels: batch.levels).sum()
          if step < steps - 1 { levels = walk.drawn(numbers, temperature: 1) }
        }
        return losses * (1 / Float(steps * batch.count))
      }
    ]
  }
}

// MARK: - Where chains begin

extension GenerativeStochasticNetwork {
  /// Goes on with the mean of the images that it learns.
  ///
  /// From pixels that are as often white as black a chain may find a world of inverted images, of which it has learnt nothing.
  public func updateState(after batch: ImageBatch, _ pass: Pass) {
    let ofBatch = batch.levels.mean(axes: [0]).reshaped(to: mean.value.shape)
    let share: Float = pass.learning?.step == 0 ? 1 : 0.01
    mean.assign(mean.value + (ofBatch - mean.value) * share)
  }
}

// MARK: - A step

extension GenerativeStochasticNetwork {
  /// The first hidden layer before its tanh.
  ///
  /// - Parameters:
  ///   - image: scaled levels, `[rows, values]`.
  ///   - above: the second layer; nil where there is none, or nothing is known of it.
  func sums(_ image: Tensor, above: Tensor?, labels: [Int?]) -> Tensor {
    var sums = upward(image)
    if let feedback, let above { sums = sums + feedback(above) }
    guard let ofClass else { return sums }
    return sums
      + ofClass.hidden(oneHotLabels(labels, classes: classCount)).converted(to: sums.elementType)
  }

  /// The second hidden layer before its tanh; nil where there is none.
  func secondSums(_ hidden: Tensor) -> Tensor? { second?(hidden) }

  /// What hidden units say of each pixel, float32 `[rows, height, width, parameterCount]`.
  func numbers(_ hidden: Tensor, labels: [Int?]) -> Tensor {
    var numbers = output(hidden).converted(to: .float32)
    if let ofClass { numbers = numbers + ofClass.output(oneHotLabels(labels, classes: classCount)) }
    return numbers.reshaped(
      to: [labels.count, shape.height, shape.width, distribution.parameterCount])
  }
}

// MARK: - Features

extension GenerativeStochasticNetwork {
  /// The first hidden layer's units.
  public var latentCount: Int { configuration.hidden }
  /// Encodings are points.
  public var givesVariances: Bool { false }

  /// The first hidden layer without noise, the second one's answer heeded.
  public func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
    let image = batch.scaled(levelCount: shape.levels, to: pass.elementType)
      .reshaped(to: [batch.count, shape.dimensionCount])
    let hidden = sums(image, above: nil, labels: batch.labels).tanh()
    let heeded = secondSums(hidden).map {
      sums(image, above: $0.tanh(), labels: batch.labels).tanh()
    }
    return Encodings(means: (heeded ?? hidden).converted(to: .float32))
  }
}
