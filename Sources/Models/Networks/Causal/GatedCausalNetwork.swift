import Layers
import Tensors

/// Two stacks of gated causal convolutions over the pixels in raster order (van den Oord and others 2016, "Conditional
/// Image Generation with PixelCNN Decoders"): the numbers of a pixel depend on the pixels before it.
///
/// It may be told more: an image's class or order, a vector each, and maps as large as the image, which say something of
/// every pixel and are no part of what must be causal.
struct GatedCausalNetwork: Sendable {
  /// What it is made of.
  struct Design: Sendable {
    /// Gated layers after the first.
    var layers: Int
    /// Features a pixel in each stack.
    var channels: Int
    /// Sides of the kernels after the first layer, and of the first layer's; odd.
    var kernel = 3, firstKernel: Int
    /// The largest distance between taps of vertical kernels: doubled layer by layer, then 1 again.
    var dilation = 1
    /// Whether the first layer is told each pixel's place.
    var hasPlaces = false
    /// Features of the maps that it is told; 0 for none.
    var mapChannels = 0
    /// Numbers of classes and orders; 0 where there is nothing to tell.
    var classCount = 0, orderCount = 0
    /// Share of gated features dropped while learning, in the horizontal stack and in the vertical one.
    var dropout = 0.0, verticalDropout = 0.0
    /// Layers of attention among the gated ones, spread evenly.
    var attention = 0

    /// The gated layer after which an attention layer comes, and which attention layer that is.
    func attentionLayer(after index: Int) -> Int? {
      (0..<attention).first { ($0 + 1) * layers / (attention + 1) == index + 1 }
    }
  }

  let design: Design
  /// Channels of the images that it sees, and numbers a pixel that it gives.
  let imageChannels: Int, outputCount: Int
  /// What a pixel's place adds to the first layer of the vertical stack.
  let place: PositionalEmbedding?
  /// What the maps add to the first layer of each stack, and to the result.
  let fromMap: (vertical: Linear, horizontal: Linear, output: Linear)?
  let firstVertical: Convolution
  let firstHorizontal: Convolution
  let blocks: [GatedBlock]
  let attentions: [CausalAttention]
  let head: Linear
  let output: Linear

  /// Registers the stacks, the blocks and the head under `scope`.
  init(_ scope: Scope, _ design: Design, shape: ImageShape, outputs: Int) {
    self.design = design
    imageChannels = shape.channels
    outputCount = outputs
    let (channels, first) = (design.channels, design.firstKernel)
    // 1, 2, 4, ... up to the largest.
    let cycle = Int.bitWidth - design.dilation.leadingZeroBitCount
    place =
      design.hasPlaces
      ? PositionalEmbedding(
        scope / "place", height: shape.height, width: shape.width, channels: channels) : nil
    firstVertical = Convolution(
      scope / "vertical", shape.channels, channels, reach: .above, kernel: (first / 2, first))
    firstHorizontal = Convolution(
      scope / "horizontal", shape.channels, channels, reach: .left, kernel: (1, first / 2))
    blocks = (0..<design.layers).map { index in
      GatedBlock(
        scope / "block\(index)", channels: channels, kernel: design.kernel,
        dilation: 1 << (index % cycle), classCount: design.classCount,
        orderCount: design.orderCount, isLast: index == design.layers - 1)
    }
    attentions = (0..<design.attention).map { index in
      CausalAttention(scope / "attention\(index)", channels: channels, shape: shape)
    }
    head = Linear(scope / "head", channels, channels, gain: Float(2).squareRoot())
    output = Linear(scope / "output", channels, outputs, gain: 0.1)
    let maps = design.mapChannels
    fromMap =
      maps > 0
      ? (
        Linear(scope / "map.vertical", maps, channels, bias: false),
        Linear(scope / "map.horizontal", maps, channels, bias: false),
        Linear(scope / "map.output", maps, outputs, bias: false, gain: 0.1)
      ) : nil
  }

  /// What each image's class and order add to every block's gates.
  ///
  /// - Parameters:
  ///   - classes: one-hot, nil where there are no classes.
  ///   - orders: one-hot, nil where there is one order.
  func conditions(classes: Tensor?, orders: Tensor?) -> [GatedBlock.Conditions] {
    let parts = [classes, orders].compactMap { $0 }
    guard !parts.isEmpty else {
      return blocks.map { _ in .init(vertical: nil, horizontal: nil) }
    }
    let joined = Tensor.concatenated(parts, axis: 1)
    return blocks.map { block in
      .init(
        vertical: orders.flatMap { block.verticalCondition?($0) },
        horizontal: block.condition?(joined))
    }
  }

  /// The full pass: what every pixel's numbers are, given the pixels before it; float32 `[images, height, width, outputs]`.
  ///
  /// - Parameters:
  ///   - image: `[images, height, width, channels]`, in -1...1.
  ///   - maps: float32 `[images, height, width, mapChannels]`, where the network has them.
  func callAsFunction(
    _ image: Tensor, maps: Tensor? = nil, conditions: [GatedBlock.Conditions], _ pass: Pass
  ) -> Tensor {
    let told = maps.map { $0.converted(to: image.elementType) }
    var start = place.map { $0(images: image.shape[0], image.elementType) }
    var horizontalStart: Tensor?
    if let fromMap, let told {
      let ofMap = fromMap.vertical(told)
      start = start.map { $0 + ofMap } ?? ofMap
      horizontalStart = fromMap.horizontal(told)
    }
    var vertical = firstVertical(image, adding: start)
    var horizontal = firstHorizontal(image, adding: horizontalStart)
    let dropout = FeatureDropout(design.dropout, random: pass.noise)
    let verticalDropout = FeatureDropout(
      design.verticalDropout, random: pass.noise?.with(purpose: .secondDropout))
    var skip: Tensor?
    for (index, block) in blocks.enumerated() {
      vertical = verticalDropout.added(to: vertical, at: index) { addend in
        block.vertical(vertical).gated(condition: conditions[index].vertical, adding: addend)
      }
      let mixed = block.fromVertical(vertical, adding: block.horizontal(horizontal))
      let gated = dropout(
        mixed.gated(condition: conditions[index].horizontal), at: index)
      if let residual = block.residual { horizontal = residual(gated, adding: horizontal) }
      skip = block.skip(gated, adding: consume skip)
      if let number = design.attentionLayer(after: index) {
        let attention = attentions[number]
        let fetched = attention(horizontal, image: image)
        horizontal = horizontal + attention.residual(fetched)
        skip = skip.map { $0 + attention.skip(fetched) }
      }
    }
    let features = head((skip ?? horizontal).relu()).relu()
    let result = output(features.converted(to: .float32))
    guard let fromMap, let maps else { return result }
    return result + fromMap.output(maps.converted(to: .float32))
  }
}
