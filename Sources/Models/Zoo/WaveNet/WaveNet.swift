public import Layers
public import Tensors

/// WaveNet over the pixels in raster order (van den Oord and others 2016, WaveNet: A Generative Model for Raw Audio, section
/// 2): p(x) = Π p(x_i | x_<i), each factor computed by a stack of gated convolutions of two taps along the sequence, whose
/// distance doubles from layer to layer.
///
/// Departures: the distances double up to the image's width and then go on in whole rows, so that a few layers reach the
/// pixels right above; the first layer sees several pixels, and is told each pixel's place; some labels are hidden while
/// learning; two levels are Bernoulli, few are categorical, many a discretised logistic mixture.
public struct WaveNet: Autoregressive {
  /// The settings of a WaveNet.
  public struct Configuration: PixelConfiguration {
    /// Gated layers after the first.
    public var layers = 20
    /// Features a pixel.
    public var channels = 48
    /// Pixels that the first layer sees.
    public var firstKernel = 7
    /// How the distance of a layer's taps grows.
    public var dilations = DilationCycle.rows
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 10)
    /// Share of gated features dropped while learning.
    public var dropout = 0.0
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .integer("layers", \.layers, 1...64, "gated layers after the first", tiny: 2),
        .integer("channels", \.channels, 4...512, "features a pixel", tiny: 8),
        .integer("first-kernel", \.firstKernel, 1...64, "pixels that the first layer sees"),
        .choice(
          "dilations", \.dilations,
          "taps 1, 2, 4, ... pixels apart, up to a row and then in rows, or up to the image's end",
          alternative: .pixels),
      ] + mixtureSettings + [
        .real("dropout", \.dropout, 0...0.9, "share of gated features dropped while learning"),
        .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
      ]
  }

  /// How the distance of a layer's taps grows, before it is 1 again.
  public enum DilationCycle: String, CaseIterable, Sendable {
    /// It doubles up to the image's width; then it is one row, two rows, four.
    case rows
    /// It doubles as long as the image has pixels.
    case pixels

    /// The distances of a cycle.
    func distances(_ shape: ImageShape) -> [Int] {
      let doubled = { (start: Int, end: Int) in
        Array(sequence(first: start) { $0 * 2 < end ? $0 * 2 : nil })
      }
      switch self {
      case .pixels: return doubled(1, shape.pixelCount)
      case .rows:
        return doubled(1, shape.width)
          + (shape.height > 1 ? doubled(shape.width, shape.pixelCount) : [])
      }
    }
  }

  /// What it is.
  public static let card = ModelCard(
    name: "wavenet", family: "autoregressive",
    summary: "dilated convolutions along the pixels; exact likelihoods, quick cached samples",
    citation:
      "van den Oord et al. 2016, WaveNet: A Generative Model for Raw Audio, arXiv:1609.03499",
    recipe:
      "--learning-rate 0.002 --threads 1 --minutes 8: 82.63 nats an image of fixed binarized MNIST, exact"
  )

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  let first: Convolution
  let place: PositionalEmbedding
  let blocks: [Block]
  let head: Linear
  let output: Linear
  private let parameters: [Parameter]

  /// One gated layer.
  struct Block: Sendable {
    /// From the pixel itself and the one `distance` before it.
    let gate: Convolution
    let distance: Int
    /// What the next layer gets; nil in the last layer.
    let residual: Linear?
    let skip: Linear
    /// From a one-hot class to the gate; nil without classes.
    let condition: Linear?
  }

  /// Registers the layers under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    distribution = configuration.distribution(of: shape)
    let channels = configuration.channels
    first = Convolution(
      scope / "first", shape.channels, channels, reach: .left,
      kernel: (1, configuration.firstKernel))
    place = PositionalEmbedding(
      scope / "place", height: shape.height, width: shape.width, channels: channels)
    let distances = configuration.dilations.distances(shape)
    blocks = (0..<configuration.layers).map { index in
      let (scope, distance) = (scope / "block\(index)", distances[index % distances.count])
      return Block(
        gate: Convolution(
          scope / "gate", channels, 2 * channels, reach: .leftAndHere, kernel: (1, 2),
          dilation: distance),
        distance: distance,
        residual: index == configuration.layers - 1
          ? nil : Linear(scope / "residual", channels, channels),
        skip: Linear(scope / "skip", channels, channels),
        condition: classCount > 0
          ? Linear(scope / "condition", classCount, 2 * channels, bias: false) : nil)
    }
    head = Linear(scope / "head", channels, channels, gain: Float(2).squareRoot())
    output = Linear(scope / "output", channels, distribution.parameterCount, gain: 0.1)
    parameters = scope.parameters
  }

  /// The one objective: the mean negative log-likelihood.
  public var objectives: [Objective] { [likelihoodObjective(parameters)] }

  /// What each image's class adds to every layer's gate.
  func conditions(labels: [Int?]) -> [Tensor?] {
    guard classCount > 0 else { return blocks.map { _ in nil } }
    let classes = oneHotLabels(labels, classes: classCount)
    return blocks.map { $0.condition?(classes) }
  }

  /// The full pass over the sequence.
  public func outputs(of batch: ImageBatch, orders: [PixelOrder], _ pass: Pass) -> Tensor {
    let shown = batch.shownLabels(
      classCount: classCount, dropout: configuration.labelDropout, pass)
    let conditions = conditions(labels: shown)
    let sequence: Shape = [batch.count, 1, shape.pixelCount, shape.channels]
    let image = batch.scaled(levelCount: shape.levels, to: pass.elementType)
    var features = first(
      image.reshaped(to: sequence),
      adding: place(images: batch.count, pass.elementType)
        .reshaped(to: sequence.replacing(-1, with: configuration.channels)))
    let dropout = FeatureDropout(configuration.dropout, random: pass.noise)
    var skip: Tensor?
    for (index, block) in blocks.enumerated() {
      let gated = dropout(block.gate(features).gated(condition: conditions[index]), at: index)
      if let residual = block.residual { features = features + residual(gated) }
      let skipped = block.skip(gated)
      skip = skip.map { $0 + skipped } ?? skipped
    }
    let hidden = head((skip ?? features).silu()).silu()
    return output(hidden.converted(to: .float32))
      .reshaped(to: batch.levels.shape.replacing(-1, with: distribution.parameterCount))
  }
}
