import Layers
import Tensors

/// The features of one tile of images, a gated PixelCNN's, as far as they are known.
final class IncrementalPixelCNN {
  private let width: Int, imageChannels: Int, channels: Int
  private let type: ElementType
  private let firstRows: Int, firstColumns: Int
  private let firstVertical: PackedProduct, firstHorizontal: PackedProduct
  private let blocks: [IncrementalBlock]
  private let head: PackedProduct, last: PackedProduct
  private let outputs: Int
  /// The last rows of the image: `[tile, rows, width, image channels]`.
  private let rowsAbove: Slab
  /// The row under way, with columns of zeros before it: `[tile, firstColumns + width, image channels]`.
  private let rowHere: Slab
  /// What places add, `[height, width * channels]`.
  private let places: Slab
  /// `[tile, width, channels]`.
  private let vertical: Slab
  /// `[tile, channels]`.
  private let skip: Slab, hidden: Slab, headOutput: Slab, hiddenFloat: Slab, result: Slab
  /// The last column of this row whose features are known; -1 before the row is begun.
  private var columnComputed = -1
  private var row = 0

  init(_ model: PixelCNN, _ type: ElementType) {
    self.type = type
    let shape = model.shape
    width = shape.width
    imageChannels = shape.channels
    channels = model.configuration.channels
    outputs = model.distribution.parameterCount
    firstRows = model.firstVertical.weight.value.shape[2]
    firstColumns = model.firstHorizontal.weight.value.shape[3]
    let side = model.firstVertical.weight.value.shape[3] / 2
    firstVertical = PackedProduct(
      convolving: [Tiles.size, firstRows, width, imageChannels],
      weights: model.firstVertical.weight.value, bias: model.firstVertical.bias?.value,
      geometry: .init(left: side, right: side), type, accumulating: true)
    firstHorizontal = PackedProduct(
      weights: model.firstHorizontal.weight.value.tapsInnermost,
      bias: model.firstHorizontal.bias?.value, rows: Tiles.size,
      sourceStride: (firstColumns + width) * imageChannels,
      targetStride: IncrementalBlock.rowLength(model) * channels, type)
    blocks = model.blocks.enumerated().map { index, block in
      IncrementalBlock(block, model, type, isFirst: index == 0)
    }
    head = PackedProduct(
      weights: model.head.weight.value, bias: model.head.bias?.value, rows: Tiles.size,
      sourceStride: channels, targetStride: channels, type)
    last = PackedProduct(
      weights: model.output.weight.value, bias: model.output.bias?.value, rows: Tiles.size,
      sourceStride: channels, targetStride: outputs, .float32)
    rowsAbove = Slab(Tiles.size * firstRows * width * imageChannels, type)
    rowHere = Slab(Tiles.size * (firstColumns + width) * imageChannels, type)
    places = Slab(shape.pixelCount * channels, type)
    SlabRows(places, stride: places.count)
      .write(model.place.table.values, rows: 1, columns: places.count)
    vertical = Slab(Tiles.size * width * channels, type)
    skip = Slab(Tiles.size * channels, type)
    hidden = Slab(Tiles.size * channels, type)
    headOutput = Slab(Tiles.size * channels, type)
    hiddenFloat = Slab(Tiles.size * channels, .float32)
    result = Slab(Tiles.size * outputs, .float32)
  }

  /// Computes the features of a pixel, all layers, unless they are known: at the start of a row the vertical stack
  /// for all of it, then the horizontal stack for this pixel.
  func computeFeatures(column: Int, conditions: [GatedBlock.Conditions]) {
    guard column > columnComputed else { return }
    if columnComputed < 0 {
      let length = width * channels
      SlabRows(places, at: row * length, stride: 0)
        .copy(to: SlabRows(vertical, stride: length), rows: Tiles.size, columns: length)
      firstVertical.run(rowsAbove, into: vertical)
      for (block, condition) in zip(blocks, conditions) {
        block.startRow(vertical, condition: condition.vertical)
      }
    }
    columnComputed = column
    // The kernel covers the columns just left of this one, which is place `firstColumns + column`.
    firstHorizontal.run(
      rowHere, from: column * imageChannels, into: blocks[0].horizontal,
      at: blocks[0].place(of: column))
    for (index, block) in blocks.enumerated() {
      let next = index + 1 < blocks.count ? blocks[index + 1] : nil
      block.compute(column: column, condition: conditions[index].horizontal, next: next, skip: skip)
    }
  }

  /// Float32 `[tile, parameters]` of the pixel whose features were computed last.
  func output() -> Tensor {
    let dense = { (slab: Slab) in SlabRows(slab, stride: self.channels) }
    dense(skip).relu(into: dense(hidden), rows: Tiles.size, columns: channels)
    head.run(hidden, into: headOutput)
    dense(headOutput).relu(into: dense(hidden), rows: Tiles.size, columns: channels)
    dense(hidden).convert(into: dense(hiddenFloat), rows: Tiles.size, columns: channels)
    last.run(hiddenFloat, into: result)
    return SlabRows(result, stride: outputs).tensor(rows: Tiles.size, columns: outputs)
  }

  /// Sets a pixel, `tile * image channels` values in -1...1.
  func setPixel(column: Int, _ values: [Float]) {
    let stride = (firstColumns + width) * imageChannels
    SlabRows(rowHere, at: (firstColumns + column) * imageChannels, stride: stride)
      .write(values, rows: Tiles.size, columns: imageChannels)
  }

  /// Moves the finished row to the rows above, and every block's features likewise.
  func finishRow() {
    let length = width * imageChannels
    rowsAbove.moveRowsUp(images: Tiles.size, rows: firstRows, length: length)
    SlabRows(
      rowHere, at: firstColumns * imageChannels, stride: length + firstColumns * imageChannels
    )
    .copy(
      to: SlabRows(rowsAbove, at: (firstRows - 1) * length, stride: firstRows * length),
      rows: Tiles.size, columns: length)
    for block in blocks { block.finishRow() }
    columnComputed = -1
    row += 1
  }

  /// Makes image i a copy of image `sources[i]` before a pixel's features are computed; a source stays as it is.
  func copyImages(_ sources: [Int]) {
    for slab in [rowsAbove, rowHere] { slab.copyImages(sources) }
    for block in blocks { block.copyImages(sources) }
  }
}
