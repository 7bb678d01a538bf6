public import Layers
public import Tensors

/// Gated PixelCNN (van den Oord and others 2016, "Conditional Image Generation with PixelCNN
/// Decoders"): p(x) = Π p(x_i | x_<i) over the pixels in raster order, each factor computed by two
/// stacks of gated convolutions.
///
/// The vertical stack sees the rows above, the horizontal one the pixels to the left and, through
/// the vertical one, the rows above: no blind spot.
///
/// Departures: the stacks are dense kernels, shifted, not masked ones; those of the vertical stack are dilated in
/// turn, so that a pixel sees nearly all rows above; that stack is told each pixel's place and has residual
/// connections too; the horizontal stack reads the vertical one after its gate, not before; layers of attention may stand among the
/// gated ones (PixelSNAIL); some labels are hidden while learning; two levels are Bernoulli, few are categorical, many a discretised logistic mixture (PixelCNN++).
public struct PixelCNN: Autoregressive {
  /// The settings of a gated PixelCNN.
  public struct Configuration: PixelConfiguration {
    /// Gated layers after the first.
    public var layers = 10
    /// Features a pixel in each stack.
    public var channels = 48
    /// Side of the kernels after the first layer.
    public var kernel = 3
    /// Side of the first layer's kernel.
    public var firstKernel = 7
    /// The largest distance between taps of vertical kernels, which doubles from layer to layer and
    /// is then 1 again (WaveNet's cycle, van den Oord and others 2016, section 2.1).
    public var dilation = 4
    /// How a pixel of many levels is described.
    public var mixture = PixelMixture(logistics: 10)
    /// Orders of the pixels that it learns.
    public var orders = 1
    /// Layers of attention to all pixels before, spread among the gated ones.
    public var attention = 0
    /// Share of gated features of the horizontal stack dropped while learning.
    public var dropout = 0.0
    /// Share of gated features of the vertical stack dropped while learning.
    public var verticalDropout = 0.0
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .integer("layers", \.layers, 1...64, "gated layers after the first", tiny: 2),
        .integer("channels", \.channels, 4...512, "features a pixel in each stack", tiny: 8),
        .integer("kernel", \.kernel, 3...9, "side of the kernels after the first layer, odd"),
        .integer("first-kernel", \.firstKernel, 3...15, "side of the first layer's kernel, odd"),
        .integer(
          "dilation", \.dilation, 1...64,
          "largest dilation of vertical kernels: doubled layer by layer, then 1 again"),
      ] + mixtureSettings + [
        .integer(
          "orders", \.orders, 1...8,
          "orders of the pixels learnt: flips and transposes of raster order"),
        .integer(
          "attention", \.attention, 0...16,
          "layers of attention to all pixels before, fewer than gated layers", tiny: 1),
        .real(
          "dropout", \.dropout, 0...0.9,
          "share of the horizontal stack's features dropped while learning"),
        .real(
          "vertical-dropout", \.verticalDropout, 0...0.9,
          "share of the vertical stack's features dropped while learning"),
        .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
      ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "pixelcnn", family: "autoregressive",
    summary: "gated convolutions in raster order; exact likelihoods, sharp samples",
    citation:
      "van den Oord et al. 2016, Conditional Image Generation with PixelCNN Decoders, arXiv:1606.05328",
    recipe: "--set attention=2 --set dropout=0.2 --set vertical-dropout=0.1 --learning-rate 0.0015 "
      + "--average-decay 0.9995 --epochs 8: 79.78 nats an image of fixed binarized MNIST, exact"
  )

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  /// Raster order, and its flips and transposes as far as the settings go.
  public let orders: [PixelOrder]
  /// The distribution of a pixel.
  public let distribution: any PixelDistribution
  private let network: GatedCausalNetwork
  private let parameters: [Parameter]

  /// Registers the stacks, the blocks and the head under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    guard configuration.kernel % 2 == 1, configuration.firstKernel % 2 == 1 else {
      throw ModelError("settings 'kernel' and 'first-kernel' of 'pixelcnn' are odd numbers")
    }
    guard configuration.attention < configuration.layers else {
      throw ModelError(
        "setting 'attention' of 'pixelcnn' is less than 'layers' (\(configuration.layers))")
    }
    orders = Array(PixelOrder.all.prefix(configuration.orders))
    guard shape.height == shape.width || !orders.contains(where: \.isTransposed) else {
      throw ModelError(
        "setting 'orders' above 2 of 'pixelcnn' is for square images, not \(shape.width)x\(shape.height)"
      )
    }
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    distribution = configuration.distribution(of: shape)
    network = GatedCausalNetwork(
      scope,
      .init(
        layers: configuration.layers, channels: configuration.channels,
        kernel: configuration.kernel, firstKernel: configuration.firstKernel,
        dilation: configuration.dilation, hasPlaces: true, classCount: classCount,
        orderCount: configuration.orders > 1 ? configuration.orders : 0,
        dropout: configuration.dropout, verticalDropout: configuration.verticalDropout,
        attention: configuration.attention),
      shape: shape, outputs: distribution.parameterCount)
    parameters = scope.parameters
  }

  /// The one objective: the mean negative log-likelihood.
  public var objectives: [Objective] { [likelihoodObjective(parameters)] }

  /// What each image's class and order add to every block's gates.
  private func conditions(labels: [Int?], orders: [PixelOrder]) -> [GatedBlock.Conditions] {
    network.conditions(
      classes: classCount > 0 ? oneHotLabels(labels, classes: classCount) : nil,
      orders: self.orders.count > 1
        ? oneHotLabels(
          orders.map { self.orders.firstIndex(of: $0) }, classes: self.orders.count) : nil)
  }

  /// The full pass: what every pixel's distribution is, given the pixels before it.
  public func outputs(of batch: ImageBatch, orders: [PixelOrder], _ pass: Pass) -> Tensor {
    let shown = batch.shownLabels(
      classCount: classCount, dropout: configuration.labelDropout, pass)
    return network(
      batch.scaled(levelCount: shape.levels, to: pass.elementType),
      conditions: conditions(labels: shown, orders: orders), pass)
  }

  /// Few images are drawn in less time than a full tile.
  public var smallestTile: Int { Tiles.smallest }

  /// The cached sampler.
  public func outputStepper(
    labels: [Int?], orders: [PixelOrder], _ pass: Pass
  ) -> any PixelStepper {
    let padding = Tiles.size - labels.count
    return GatedStepper(
      network, shape: shape,
      conditions: conditions(
        labels: Tiles.padded(labels),
        orders: orders + [PixelOrder](repeating: .raster, count: padding)),
      images: labels.count, pass)
  }
}
