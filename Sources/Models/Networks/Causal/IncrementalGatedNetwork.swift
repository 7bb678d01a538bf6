import Layers
import Tensors

/// The features of one tile of images, a gated causal network's, as far as they are known.
final class IncrementalGatedNetwork {
  /// Images of the tile.
  let images: Int
  private let width: Int, imageChannels: Int, channels: Int
  private let type: ElementType
  private let firstRows: Int, firstColumns: Int
  private let firstVertical: PackedProduct, firstHorizontal: PackedProduct
  private let blocks: [IncrementalBlock]
  private let attentions: [IncrementalAttention]
  private let head: PackedProduct, last: PackedProduct
  private let outputs: Int
  /// The last rows of the image: `[tile, rows, width, image channels]`.
  private let rowsAbove: Slab
  /// The row under way, with columns of zeros before it: `[tile, firstColumns + width, image channels]`.
  private let rowHere: Slab
  /// What places and maps add to the vertical stack: `[height, width * channels]`, or that for each image of the tile.
  private let verticalStart: Slab?
  /// What maps add to the horizontal stack, and to the result: `[tile, height, width, ...]`.
  private let horizontalStart: Slab?, resultStart: Slab?
  private let network: GatedCausalNetwork
  private let height: Int
  /// `[tile, width, channels]`.
  private let vertical: Slab
  /// `[tile, channels]`.
  private let skip: Slab, hidden: Slab, headOutput: Slab, hiddenFloat: Slab, result: Slab
  /// Whether the vertical stack of this row is known.
  private var isRowStarted = false
  /// The last column of this row whose features are known; -1 where none is.
  private var columnComputed = -1
  private var row = 0

  init(
    _ network: GatedCausalNetwork, shape: ImageShape, _ type: ElementType, images: Int
  ) {
    self.images = images
    self.type = type
    self.network = network
    (height, width) = (shape.height, shape.width)
    imageChannels = shape.channels
    channels = network.design.channels
    outputs = network.outputCount
    firstRows = network.firstVertical.weight.value.shape[2]
    firstColumns = network.firstHorizontal.weight.value.shape[3]
    let side = network.firstVertical.weight.value.shape[3] / 2
    firstVertical = PackedProduct(
      convolving: [images, firstRows, width, imageChannels],
      weights: network.firstVertical.weight.value, bias: network.firstVertical.bias?.value,
      geometry: .init(left: side, right: side), type,
      accumulating: network.place != nil || network.fromMap != nil)
    firstHorizontal = PackedProduct(
      weights: network.firstHorizontal.weight.value.tapsInnermost,
      bias: network.firstHorizontal.bias?.value, rows: images,
      sourceStride: (firstColumns + width) * imageChannels,
      targetStride: IncrementalBlock.rowLength(network, width) * channels, type,
      accumulating: network.fromMap != nil)
    blocks = network.blocks.enumerated().map { index, block in
      IncrementalBlock(
        block, network, width: shape.width, type, images: images, isFirst: index == 0)
    }
    attentions = network.attentions.map { attention in
      IncrementalAttention(
        attention, shape: shape, channels: network.design.channels,
        rowLength: IncrementalBlock.rowLength(network, shape.width), type, images: images)
    }
    head = PackedProduct(
      weights: network.head.weight.value, bias: network.head.bias?.value, rows: images,
      sourceStride: channels, targetStride: channels, type)
    last = PackedProduct(
      weights: network.output.weight.value, bias: network.output.bias?.value, rows: images,
      sourceStride: channels, targetStride: outputs, .float32,
      accumulating: network.fromMap != nil)
    rowsAbove = Slab(images * firstRows * width * imageChannels, type)
    rowHere = Slab(images * (firstColumns + width) * imageChannels, type)
    let size = images * shape.pixelCount
    if network.fromMap != nil {
      verticalStart = Slab(size * channels, type)
      horizontalStart = Slab(size * channels, type)
      resultStart = Slab(size * outputs, .float32)
    } else {
      (horizontalStart, resultStart) = (nil, nil)
      verticalStart = network.place.map { place in
        let slab = Slab(shape.pixelCount * network.design.channels, type)
        slab.fill(with: place.table)
        return slab
      }
    }
    vertical = Slab(images * width * channels, type)
    skip = Slab(images * channels, type)
    hidden = Slab(images * channels, type)
    headOutput = Slab(images * channels, type)
    hiddenFloat = Slab(images * channels, .float32)
    result = Slab(images * outputs, .float32)
  }

  /// Whether every product gives an image the numbers that it gives it in a full tile.
  var equalsPartOfFullTile: Bool {
    let products =
      [firstVertical, firstHorizontal, head, last] + blocks.flatMap(\.products)
      + attentions.flatMap(\.products)
    return products.allSatisfy { $0.equalsPart(timesAsManyRows: Tiles.size / images) }
  }

  /// Begins new images, of which nothing is known but their maps, float32 `[tile, height, width, mapChannels]`.
  func start(maps: Tensor) {
    guard let fromMap = network.fromMap else { preconditionFailure("maps that nothing heeds") }
    let told = maps.converted(to: type)
    var vertical = fromMap.vertical(told)
    if let place = network.place { vertical = place(images: images, type) + vertical }
    verticalStart?.fill(with: vertical)
    horizontalStart?.fill(with: fromMap.horizontal(told))
    resultStart?.fill(with: fromMap.output(maps.converted(to: .float32)))
    for slab in [rowsAbove, rowHere] { slab.clear() }
    for block in blocks { block.clear() }
    for attention in attentions { attention.clear() }
    (row, columnComputed, isRowStarted) = (0, -1, false)
  }

  /// Whether later rows read the horizontal features of a pixel; without attention its own row alone does.
  var remembersFeatures: Bool { !attentions.isEmpty }

  /// Computes the features of a pixel and of those before it in its row, all layers, unless they are known: at the start of a
  /// row the vertical stack for all of it, then the horizontal stack pixel by pixel.
  func computeFeatures(upTo column: Int, conditions: [GatedBlock.Conditions]) {
    startRow(conditions)
    while columnComputed < column {
      columnComputed += 1
      computeFeatures(columnComputed, conditions)
    }
  }

  /// Computes the vertical stack for a row, unless it is known.
  private func startRow(_ conditions: [GatedBlock.Conditions]) {
    guard !isRowStarted else { return }
    isRowStarted = true
    let length = width * channels
    if let verticalStart {
      // One for all images, or one for each.
      let stride = verticalStart.count > height * length ? height * length : 0
      SlabRows(verticalStart, at: row * length, stride: stride)
        .copy(to: SlabRows(vertical, stride: length), rows: images, columns: length)
    }
    firstVertical.run(rowsAbove, into: vertical)
    for (block, condition) in zip(blocks, conditions) {
      block.startRow(vertical, condition: condition.vertical)
    }
  }

  private func computeFeatures(_ column: Int, _ conditions: [GatedBlock.Conditions]) {
    if let horizontalStart {
      SlabRows(
        horizontalStart, at: (row * width + column) * channels, stride: height * width * channels
      ).copy(
        to: SlabRows(
          blocks[0].horizontal, at: blocks[0].place(of: column),
          stride: blocks[0].horizontal.count / images),
        rows: images, columns: channels)
    }
    // The kernel covers the columns just left of this one, which is place `firstColumns + column`.
    firstHorizontal.run(
      rowHere, from: column * imageChannels, into: blocks[0].horizontal,
      at: blocks[0].place(of: column))
    for (index, block) in blocks.enumerated() {
      let next = index + 1 < blocks.count ? blocks[index + 1] : nil
      block.compute(column: column, condition: conditions[index].horizontal, next: next, skip: skip)
      if let next, let number = network.design.attentionLayer(after: index) {
        attentions[number].compute(next.horizontal, at: next.place(of: column), skip: skip)
      }
    }
  }

  /// Float32 `[tile, parameters]` of the pixel whose features were computed last.
  func output() -> Tensor {
    let dense = { (slab: Slab) in SlabRows(slab, stride: self.channels) }
    dense(skip).relu(into: dense(hidden), rows: images, columns: channels)
    head.run(hidden, into: headOutput)
    dense(headOutput).relu(into: dense(hidden), rows: images, columns: channels)
    dense(hidden).convert(into: dense(hiddenFloat), rows: images, columns: channels)
    if let resultStart {
      SlabRows(
        resultStart, at: (row * width + columnComputed) * outputs,
        stride: height * width * outputs
      ).copy(to: SlabRows(result, stride: outputs), rows: images, columns: outputs)
    }
    last.run(hiddenFloat, into: result)
    return SlabRows(result, stride: outputs).tensor(rows: images, columns: outputs)
  }

  /// Sets a pixel, `tile * image channels` values in -1...1.
  func setPixel(column: Int, _ values: [Float]) {
    let stride = (firstColumns + width) * imageChannels
    SlabRows(rowHere, at: (firstColumns + column) * imageChannels, stride: stride)
      .write(values, rows: images, columns: imageChannels)
    for attention in attentions { attention.setPixel(values) }
  }

  /// Moves the finished row to the rows above, and every block's features likewise.
  func finishRow(_ conditions: [GatedBlock.Conditions]) {
    startRow(conditions)
    let length = width * imageChannels
    rowsAbove.moveRowsUp(images: images, rows: firstRows, length: length)
    SlabRows(
      rowHere, at: firstColumns * imageChannels, stride: length + firstColumns * imageChannels
    )
    .copy(
      to: SlabRows(rowsAbove, at: (firstRows - 1) * length, stride: firstRows * length),
      rows: images, columns: length)
    for block in blocks { block.finishRow() }
    (columnComputed, isRowStarted) = (-1, false)
    row += 1
  }

  /// Makes image i a copy of image `sources[i]` before a pixel's features are computed; a source stays as it is.
  func copyImages(_ sources: [Int]) {
    for slab in [rowsAbove, rowHere] { slab.copyImages(sources) }
    if horizontalStart != nil {
      for slab in [verticalStart, horizontalStart, resultStart] { slab?.copyImages(sources) }
    }
    for block in blocks { block.copyImages(sources) }
    for attention in attentions { attention.copyImages(sources) }
  }
}
