public import Layers
import Platform
public import Tensors

/// Masked autoencoder (Germain and others 2015, MADE: Masked Autoencoder for Distribution Estimation): dense layers whose
/// weights are masked so that a pixel's distribution depends on the pixels before it alone, in whichever order is asked for:
/// p(x) = Π p(x_o(t) | x_o(<t)) by one pass.
///
/// Pixels have ranks, and an output sees the pixels of smaller rank. An order of the pixels has the ranks 0, 1, 2, ...; what is
/// missing, given what is known, has one rank above all of these. A hidden unit has a fixed degree, and sees the pixels whose
/// rank is below it (section 3, equations 8 to 13).
///
/// Departures: the degrees of hidden units are spread evenly and stay, orders alone are drawn (section 4.2 draws both); silu, not
/// relu; all channels of a pixel have one rank; two levels are Bernoulli, few are categorical, many a discretised
/// logistic mixture; classes are seen by every layer, and some are hidden while learning.
public struct MaskedAutoencoder: OrderAgnostic {
  /// The settings of a masked autoencoder.
  public struct Configuration: PixelConfiguration {
    /// Units of a hidden layer.
    public var hidden = 500
    /// Hidden layers.
    public var layers = 1
    /// Orders that it learns; 0: any.
    public var orders = 0
    /// Whether pixels also see each other directly, without a hidden layer between: 0 or 1.
    public var direct = 1
    /// Whether hidden units are told which pixels they see: 0 or 1.
    public var presence = 1
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 10)
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .integer("hidden", \.hidden, 1...16384, "units of a hidden layer", tiny: 24),
        .integer("layers", \.layers, 1...16, "hidden layers"),
        .integer(
          "orders", \.orders, 0...1024,
          "orders of the pixels learnt; 0: any, as holes anywhere need it"),
        .integer(
          "direct", \.direct, 0...1, "1: pixels see pixels without a hidden layer between, too"),
        .integer("presence", \.presence, 0...1, "1: hidden units are told which pixels they see"),
      ] + mixtureSettings + [
        .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning")
      ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "made", family: "autoregressive",
    summary:
      "masked dense layers in any order; exact likelihoods by one pass, exact under any mask",
    citation:
      "Germain et al. 2015, MADE: Masked Autoencoder for Distribution Estimation, arXiv:1502.03509",
    recipe:
      "--set orders=1 --batch 100 --learning-rate 0.003 --minutes 10: 91.74 nats an image of fixed "
      + "binarized MNIST, exact")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  private let hidden: [MaskedLinear]
  private let output: MaskedLinear
  private let direct: MaskedLinear?
  /// What a class adds to each hidden layer, and to the output.
  private let ofClasses: [Linear]
  /// Of the units of every hidden layer, rising: units can be exchanged for each other.
  private let degrees: [Int]
  /// Between hidden layers a unit sees those of at most its own degree, whatever the order.
  private let between: LinearMask
  private let parameters: [Parameter]

  /// Registers the hidden layers and the output under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    distribution = configuration.distribution(of: shape)
    let (inputs, units) = (shape.dimensionCount, configuration.hidden)
    let outputs = shape.pixelCount * distribution.parameterCount
    let degrees = (0..<units).map { 1 + $0 * max(1, shape.pixelCount - 1) / units }
    self.degrees = degrees
    between = LinearMask(ranks: degrees, reaches: degrees.map { $0 + 1 })
    hidden = (0..<configuration.layers).map {
      MaskedLinear(
        scope / "hidden\($0)", $0 == 0 ? inputs : units, units,
        presence: $0 == 0 && configuration.presence > 0, gain: Float(2).squareRoot())
    }
    output = MaskedLinear(scope / "output", units, outputs, gain: 0.1)
    direct =
      configuration.direct > 0
      ? MaskedLinear(scope / "direct", inputs, outputs, bias: false, gain: 0.1) : nil
    ofClasses =
      classCount > 0
      ? (0...configuration.layers).map {
        Linear(
          scope / "class\($0)", classCount, $0 < configuration.layers ? units : outputs,
          bias: false, gain: 0.1)
      } : []
    parameters = scope.parameters
  }

  /// The one objective: the mean negative log-likelihood, in an order drawn for each shard of a batch.
  public var objectives: [Objective] {
    [
      Objective(name: "likelihood", parameters: parameters) { batch, pass in
        let shown = batch.shownLabels(
          classCount: classCount, dropout: configuration.labelDropout, pass)
        let losses = distribution.negativeLogLikelihood(
          parameters: self.parameters(
            of: ImageBatch(levels: batch.levels, labels: shown), order: learntOrder(pass), pass),
          levels: batch.levels)
        return losses.sum() * (1 / Float(batch.count))
      }
    ]
  }
}

// Orders and ranks.
extension MaskedAutoencoder {
  /// Where it learns any order, as many as one may want to average.
  public var orderCount: Int { configuration.orders > 0 ? configuration.orders : 1024 }

  /// While learning, one of the orders at random; else the first.
  private func learntOrder(_ pass: Pass) -> [Int] {
    guard let noise = pass.noise?.with(purpose: .orders) else { return order(0) }
    guard configuration.orders > 0 else { return noise.permutation(shape.pixelCount) }
    return order(
      min(configuration.orders - 1, Int(noise.uniform(0) * Float(configuration.orders))))
  }

  /// The place of each pixel in an order.
  private func ranks(of order: [Int]) -> [Int] {
    var ranks = order
    for (rank, pixel) in order.enumerated() { ranks[pixel] = rank }
    return ranks
  }

  /// Known pixels in the first order, then all missing ones at once.
  private func ranks(missing: [Bool]) -> [Int] {
    let known = order(0).filter { !missing[$0] }
    var ranks = [Int](repeating: known.count, count: missing.count)
    for (rank, pixel) in known.enumerated() { ranks[pixel] = rank }
    return ranks
  }
}

// The network.
extension MaskedAutoencoder {
  /// The network in which a pixel's distribution depends on the pixels of smaller rank: float32 `[images, height, width,
  /// parameterCount]` of a batch.
  private func network(ranks: [Int]) -> @Sendable (ImageBatch, Pass) -> Tensor {
    let inputRanks = ranks.flatMap { [Int](repeating: $0, count: shape.channels) }
    let outputRanks = ranks.flatMap { [Int](repeating: $0, count: distribution.parameterCount) }
    let layers = hidden.enumerated().map { index, layer in
      layer.masked(
        by: index > 0 ? between : LinearMask(ranks: inputRanks, reaches: degrees))
    }
    let output = output.masked(
      by: LinearMask(ranks: degrees, reaches: outputRanks.map { $0 + 1 }))
    let direct = direct?.masked(by: LinearMask(ranks: inputRanks, reaches: outputRanks))
    return { batch, pass in
      let image = batch.scaled(levelCount: shape.levels, to: pass.elementType)
        .reshaped(to: [batch.count, inputRanks.count])
      let classes = ofClasses.map {
        $0(oneHotLabels(batch.labels, classes: classCount)).converted(to: pass.elementType)
      }
      var features = image
      for (index, layer) in layers.enumerated() {
        let sum = layer(features)
        features = (classes.isEmpty ? sum : sum + classes[index]).silu()
      }
      var parameters = output(features)
      if let direct { parameters = parameters + direct(image) }
      if let ofClass = classes.last { parameters = parameters + ofClass }
      return parameters.converted(to: .float32).reshaped(
        to: [batch.count, shape.height, shape.width, distribution.parameterCount])
    }
  }

  /// Every pixel's distribution given the pixels before it in an order, by one pass.
  package func parameters(of batch: ImageBatch, order: [Int], _ pass: Pass) -> Tensor {
    network(ranks: ranks(of: order))(batch, pass)
  }

  /// Every missing pixel's distribution given the known ones: a masked product for each set of them.
  public func parameters(of batch: ImageBatch, missing: [Bool], _ pass: Pass) -> Tensor {
    let pixels = shape.pixelCount
    let sets = (0..<batch.count).map { Array(missing[$0 * pixels..<($0 + 1) * pixels]) }
    var parts: [Tensor] = []
    var places = [Int32](repeating: 0, count: batch.count)
    // A product's rounding can depend on its number of rows: they are always as many as a tile's.
    for (set, rows) in Dictionary(grouping: sets.indices, by: { sets[$0] }) {
      let network = network(ranks: ranks(missing: set))
      for start in stride(from: 0, to: rows.count, by: Tiles.size) {
        let taken = Array(rows[start..<min(rows.count, start + Tiles.size)])
        for (place, row) in taken.enumerated() {
          places[row] = Int32(parts.count * Tiles.size + place)
        }
        let padded = taken + [Int](repeating: rows[0], count: Tiles.size - taken.count)
        parts.append(
          network(batch.rows(padded), pass)
            .reshaped(to: [Tiles.size, pixels * distribution.parameterCount]))
      }
    }
    return Tensor.concatenated(parts, axis: 0).embedded(places)
      .reshaped(to: batch.levels.shape.replacing(-1, with: distribution.parameterCount))
  }
}

// Scores.
extension MaskedAutoencoder {
  /// The model's own probability.
  public var scoreKind: ScoreKind { .exact }

  /// Exact log-likelihoods in the order in which a wholly missing image is filled.
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    scores(batch, orders: 1, pass)
  }

  /// Log-likelihoods under the mixture of the first orders, each as likely as the others (section 4.2).
  public func scores(_ batch: ImageBatch, orders count: Int, _ pass: Pass) -> [Double] {
    precondition((1...orderCount).contains(count), "\(count) orders of \(orderCount)")
    let ofOrders = (0..<count).map { scores(batch, order: order($0), pass) }
    return (0..<batch.count).map { image in
      logSumExp(ofOrders.map { $0[image] }) - log(Double(count))
    }
  }

  private func scores(_ batch: ImageBatch, order: [Int], _ pass: Pass) -> [Double] {
    let network = network(ranks: ranks(of: order))
    return Tiles.map(Array(0..<batch.count)) { tile in
      let images = batch.rows(tile.padded)
      return Array(
        distribution.logLikelihoods(parameters: network(images, pass), levels: images.levels)
          .prefix(tile.items.count))
    }
  }
}
