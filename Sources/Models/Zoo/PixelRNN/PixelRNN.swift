public import Layers
public import Tensors

/// Pixel recurrent neural network (van den Oord and others 2016, Pixel Recurrent Neural Networks, section 3): p(x) = Π p(x_i | x_<i) over the
/// pixels in raster order, by layers of long short-term memory that go over the image a row, or a diagonal, at a time.
///
/// A row's gates read the states of the row above by a convolution. A diagonal's read those to the left and above, and, in a second
/// direction, those to the right and above, moved down by a row so that no pixel sees a later one: every pixel before is in
/// reach of one layer.
///
/// Departures: the second direction also reads the pixels' own values, which the move makes known, so that a row's last pixel is seen by the next
/// row's first; the first layer is told each pixel's place; layers are not bidirectional but in the diagonal kind, as there; some labels are
/// hidden while learning; all channels of a pixel come at once; two levels are Bernoulli, few are categorical, many a
/// discretised logistic mixture.
public struct PixelRNN: Autoregressive {
  /// The settings of a PixelRNN.
  public struct Configuration: PixelConfiguration {
    /// How layers go over the image.
    public var kind = Scan.Kind.row
    /// Layers.
    public var layers = 4
    /// Features a pixel; a state has half as many.
    public var channels = 32
    /// Side of the first layer's kernel.
    public var firstKernel = 7
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 10)
    /// Share of states' features dropped while learning.
    public var dropout = 0.0
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .choice(
          "kind", \.kind, "layers go over the image by rows, or by diagonals from both sides",
          alternative: .diagonal),
        .integer("layers", \.layers, 1...32, "layers", tiny: 2),
        .integer(
          "channels", \.channels, 2...512, "features a pixel; a state has half as many", tiny: 8),
        .integer("first-kernel", \.firstKernel, 3...15, "side of the first layer's kernel, odd"),
      ] + mixtureSettings + [
        .real("dropout", \.dropout, 0...0.9, "share of states' features dropped while learning"),
        .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
      ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "pixelrnn", family: "autoregressive",
    summary: "memory that goes over the image by rows or diagonals; exact likelihoods",
    citation: "van den Oord et al. 2016, Pixel Recurrent Neural Networks, arXiv:1601.06759",
    recipe:
      "--learning-rate 0.002 --threads 1 --minutes 8: 84.38 nats an image of fixed binarized MNIST, exact"
  )

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  let firstAbove: Convolution, firstLeft: Convolution
  let place: PositionalEmbedding
  let layers: [MemoryLayer]
  private let head: Linear
  private let output: Linear
  private let parameters: [Parameter]

  /// Registers the layers under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    guard configuration.firstKernel % 2 == 1 else {
      throw ModelError("setting 'first-kernel' of 'pixelrnn' is an odd number")
    }
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    distribution = configuration.distribution(of: shape)
    let (channels, first) = (configuration.channels, configuration.firstKernel)
    firstAbove = Convolution(
      scope / "first.above", shape.channels, channels, reach: .above, kernel: (first / 2, first))
    firstLeft = Convolution(
      scope / "first.left", shape.channels, channels, reach: .left, kernel: (1, first / 2),
      bias: false)
    place = PositionalEmbedding(
      scope / "place", height: shape.height, width: shape.width, channels: channels)
    layers = (0..<configuration.layers).map {
      MemoryLayer(
        scope / "layer\($0)", configuration.kind, shape: shape, channels: channels,
        classCount: classCount)
    }
    head = Linear(scope / "head", channels, channels, gain: Float(2).squareRoot())
    output = Linear(scope / "output", channels, distribution.parameterCount, gain: 0.1)
    parameters = scope.parameters
  }

  /// The one objective: the mean negative log-likelihood.
  public var objectives: [Objective] { [likelihoodObjective(parameters)] }

  /// What the layers begin with, from an image scaled.
  func first(_ image: Tensor) -> Tensor {
    firstLeft(
      image, adding: firstAbove(image, adding: place(images: image.shape[0], image.elementType)))
  }

  /// From the last layer's features to the numbers of pixels, float32.
  func numbers(_ features: Tensor) -> Tensor {
    output(head(features.silu()).silu().converted(to: .float32))
  }

  /// One-hot classes; nil without any.
  func classes(_ labels: [Int?]) -> Tensor? {
    classCount > 0 ? oneHotLabels(labels, classes: classCount) : nil
  }

  /// The full pass: layer by layer over the whole image.
  public func outputs(of batch: ImageBatch, orders: [PixelOrder], _ pass: Pass) -> Tensor {
    let shown = batch.shownLabels(
      classCount: classCount, dropout: configuration.labelDropout, pass)
    let classes = classes(shown)
    let dropout = FeatureDropout(configuration.dropout, random: pass.noise)
    let image = batch.scaled(levelCount: shape.levels, to: pass.elementType)
    var features = first(image)
    for (index, layer) in layers.enumerated() {
      features =
        features + layer(features, classes: classes, image: image) { dropout($0, at: index) }
    }
    return numbers(features)
  }
}
