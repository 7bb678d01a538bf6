public import Layers
public import Tensors

/// p(x) = Π p(x_i | h_i) over the pixels in raster order, h_i = f(h_i-1, the pixels beside and above x_i): gated recurrent
/// units (Cho and others 2014, Learning Phrase Representations using RNN Encoder-Decoder, section 2.3), or long short-term memory, that carry a state from
/// pixel to pixel, as the one-dimensional networks of Theis and Bethge 2015, Generative Image Modeling Using Spatial LSTMs, section 2, do in
/// two.
///
/// The way back goes through all steps. A step sees the pixel before it and the three above it that come before: otherwise the state must carry a whole row to
/// know what stands above. Departures: each pixel's place is told too; some labels are hidden while learning; two levels are Bernoulli, few
/// are categorical, many a discretised logistic mixture.
public struct RecurrentNetwork: Autoregressive {
  /// The settings of a recurrent network.
  public struct Configuration: PixelConfiguration {
    /// How a state is carried on.
    public var cell = RecurrentKind.gru
    /// Units of a layer's state.
    public var hidden = 256
    /// Layers.
    public var layers = 1
    /// Whether the pixels above are inputs, too: 0 or 1.
    public var above = 1
    /// Whether a step is told its place, too: 0 or 1.
    public var place = 1
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 10)
    /// Share of a state's features dropped while learning, on the way to the next layer.
    public var dropout = 0.0
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .choice(
          "cell", \.cell, "gated recurrent units, or long short-term memory", alternative: .lstm),
        .integer("hidden", \.hidden, 1...8192, "units of a layer's state", tiny: 12),
        .integer(
          "layers", \.layers, 1...16, "layers, each of which reads the states of the one before",
          tiny: 2),
        .integer("above", \.above, 0...1, "1: a step sees the three pixels above, too"),
        .integer("place", \.place, 0...1, "1: a step is told its place, too"),
      ] + mixtureSettings + [
        .real(
          "dropout", \.dropout, 0...0.9,
          "share of features dropped behind each layer while learning"),
        .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
      ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "rnn", family: "autoregressive",
    summary: "a state carried from pixel to pixel by recurrent units; exact likelihoods",
    citation:
      "Cho et al. 2014, Learning Phrase Representations using RNN Encoder-Decoder, arXiv:1406.1078",
    recipe:
      "--learning-rate 0.002 --threads 1 --minutes 8: 82.33 nats an image of fixed binarized MNIST, exact"
  )

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  /// How many pixels before it, in raster order, each of a step's inputs is.
  let distances: [Int]
  let layers: [RecurrentCell]
  private let place: PositionalEmbedding?
  private let ofClass: Linear?
  private let head: Linear
  private let output: Linear
  private let parameters: [Parameter]

  /// Registers the layers under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    distribution = configuration.distribution(of: shape)
    let (units, width) = (configuration.hidden, shape.width)
    let gates = configuration.cell.gates * units
    let above = configuration.above > 0 ? [width - 1, width, width + 1] : []
    distances = Set([1] + above).filter { $0 > 0 }.sorted()
    let seen = distances.count * shape.channels
    layers = (0..<configuration.layers).map {
      RecurrentCell(
        scope / "layer\($0)", configuration.cell, inputs: $0 == 0 ? seen : units, units: units)
    }
    place =
      configuration.place > 0
      ? PositionalEmbedding(
        scope / "place", height: shape.height, width: width, channels: gates) : nil
    ofClass =
      classCount > 0 ? Linear(scope / "class", classCount, gates, bias: false) : nil
    head = Linear(scope / "head", units, units, gain: Float(2).squareRoot())
    output = Linear(scope / "output", units, distribution.parameterCount, gain: 0.1)
    parameters = scope.parameters
  }

  /// The one objective: the mean negative log-likelihood.
  public var objectives: [Objective] { [likelihoodObjective(parameters)] }

  /// What the first layer's gates get from the pixels that each step sees, `[images, steps, seen]`, from the places, `[steps or 1,
  /// gates * units]`, where it is told them, and from the classes.
  func firstInputs(_ seen: Tensor, places: Tensor?, labels: [Int?]) -> Tensor {
    var sums = layers[0].inputs(seen)
    if let places { sums = sums + places.converted(to: seen.elementType) }
    guard let ofClass else { return sums }
    let shift = ofClass(oneHotLabels(labels, classes: classCount))
    return sums
      + shift.reshaped(to: [labels.count, 1, shift.shape[1]]).converted(to: sums.elementType)
  }

  /// What places give to the gates, float32 `[pixels, gates * units]`.
  var places: Tensor? {
    place.map { $0.table.reshaped(to: [shape.pixelCount, $0.rows.value.shape[2]]) }
  }

  /// From the last layer's states to the numbers of pixels, float32.
  func numbers(_ states: Tensor) -> Tensor {
    output(head(states).silu().converted(to: .float32))
  }

  /// The full pass along the sequence.
  public func outputs(of batch: ImageBatch, orders: [PixelOrder], _ pass: Pass) -> Tensor {
    let shown = batch.shownLabels(
      classCount: classCount, dropout: configuration.labelDropout, pass)
    let sequence = batch.scaled(levelCount: shape.levels, to: pass.elementType)
      .reshaped(to: [batch.count, shape.pixelCount, shape.channels])
    let seen = Tensor.concatenated(
      distances.map { sequence.shifted(by: $0, axis: 1) }, axis: 2)
    let dropout = FeatureDropout(configuration.dropout, random: pass.noise)
    var inputs = firstInputs(seen, places: places, labels: shown)
    var states = inputs
    for (index, layer) in layers.enumerated() {
      if index > 0 { inputs = layer.inputs(states) }
      states = dropout(layer.states(inputs), at: index)
    }
    return numbers(states)
      .reshaped(to: batch.levels.shape.replacing(-1, with: distribution.parameterCount))
  }
}
