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
  /// `[tile, width, channels]`.
  private let vertical: Slab
  /// `[tile, channels]`.
  private let skip: Slab, hidden: Slab, hiddenFloat: Slab, result: Slab
  private var rowStarted = -1
  private var row = 0
  private var columnComputed = -1

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
      convolving: [tileSize, firstRows, width, imageChannels],
      weights: model.firstVertical.weight.value, bias: model.firstVertical.bias?.value,
      geometry: .init(left: side, right: side), type)
    firstHorizontal = PackedProduct(
      weights: model.firstHorizontal.weight.value.tapsInnermost,
      bias: model.firstHorizontal.bias?.value, rows: tileSize,
      sourceStride: (firstColumns + width) * imageChannels,
      targetStride: IncrementalBlock.rowLength(model) * channels, type)
    blocks = model.blocks.enumerated().map { index, block in
      IncrementalBlock(block, model, type, isFirst: index == 0)
    }
    head = PackedProduct(
      weights: model.head.weight.value, bias: model.head.bias?.value, rows: tileSize,
      sourceStride: channels, targetStride: channels, type)
    last = PackedProduct(
      weights: model.output.weight.value, bias: model.output.bias?.value, rows: tileSize,
      sourceStride: channels, targetStride: outputs, .float32)
    rowsAbove = Slab(tileSize * firstRows * width * imageChannels, type)
    rowHere = Slab(tileSize * (firstColumns + width) * imageChannels, type)
    vertical = Slab(tileSize * width * channels, type)
    skip = Slab(tileSize * channels, type)
    hidden = Slab(tileSize * channels, type)
    hiddenFloat = Slab(tileSize * channels, .float32)
    result = Slab(tileSize * outputs, .float32)
  }

  func hasFeatures(of column: Int, row: Int) -> Bool {
    self.row == row && columnComputed == column
  }

  /// Computes the vertical stack for every pixel of the row, and what the horizontal one takes from it.
  func startRow() {
    guard rowStarted != row else { return }
    rowStarted = row
    firstVertical.run(rowsAbove, into: vertical)
    for block in blocks { block.startRow(vertical) }
  }

  /// Computes the horizontal stack for one pixel, all layers.
  func computeFeatures(column: Int, conditions: [Tensor?]) {
    columnComputed = column
    // The kernel covers the columns just left of this one, which is place `firstColumns + column`.
    firstHorizontal.run(
      rowHere, from: column * imageChannels, into: blocks[0].horizontal,
      at: blocks[0].place(of: column))
    for (index, block) in blocks.enumerated() {
      let next = index + 1 < blocks.count ? blocks[index + 1] : nil
      block.compute(column: column, condition: conditions[index], next: next, skip: skip)
    }
  }

  /// Float32 `[tile, parameters]` of the pixel whose features were computed last.
  func output() -> Tensor {
    let dense = { (slab: Slab) in SlabRows(slab, stride: self.channels) }
    dense(skip).relu(into: dense(hidden), rows: tileSize, columns: channels)
    head.run(hidden, into: skip)
    dense(skip).relu(into: dense(hidden), rows: tileSize, columns: channels)
    dense(hidden).convert(into: dense(hiddenFloat), rows: tileSize, columns: channels)
    last.run(hiddenFloat, into: result)
    return SlabRows(result, stride: outputs).tensor(rows: tileSize, columns: outputs)
  }

  /// Sets a pixel, `tile * image channels` values in -1...1.
  func setPixel(column: Int, _ values: [Float]) {
    let stride = (firstColumns + width) * imageChannels
    SlabRows(rowHere, at: (firstColumns + column) * imageChannels, stride: stride)
      .write(values, rows: tileSize, columns: imageChannels)
  }

  /// Moves the finished row to the rows above, and every block's features likewise.
  func finishRow() {
    let length = width * imageChannels
    let image = firstRows * length
    for older in 0..<firstRows - 1 {
      SlabRows(rowsAbove, at: (older + 1) * length, stride: image)
        .copy(
          to: SlabRows(rowsAbove, at: older * length, stride: image), rows: tileSize,
          columns: length)
    }
    SlabRows(
      rowHere, at: firstColumns * imageChannels, stride: length + firstColumns * imageChannels
    )
    .copy(
      to: SlabRows(rowsAbove, at: (firstRows - 1) * length, stride: image), rows: tileSize,
      columns: length)
    for block in blocks { block.finishRow() }
    row += 1
    columnComputed = -1
  }
}
