import Layers
import Tensors

/// One gated layer's cached features.
final class IncrementalBlock {
  private let images: Int, width: Int, channels: Int
  /// Rows that the vertical kernel spans, and columns that the horizontal one does.
  private let height: Int, reach: Int
  private let verticalProduct: PackedProduct, horizontalProduct: PackedProduct
  private let fromVertical: PackedProduct, residual: PackedProduct?, skipProduct: PackedProduct
  /// Inputs of the vertical kernel: `[tile, height, width, channels]`, the last row the present one.
  private let rows: Slab
  /// `[tile, width, 2 * channels]`: before the vertical gate, then what the horizontal gate adds.
  private let wide: Slab
  /// Inputs of the horizontal kernel: `[tile, reach - 1 + width, channels]`, columns of zeros first.
  let horizontal: Slab
  private let gated: Slab

  /// Columns of a horizontal slab.
  static func rowLength(_ network: GatedCausalNetwork, _ width: Int) -> Int {
    network.design.kernel / 2 + width
  }

  init(
    _ block: GatedBlock, _ network: GatedCausalNetwork, width: Int, _ type: ElementType,
    images: Int, isFirst: Bool
  ) {
    self.images = images
    self.width = width
    channels = network.design.channels
    reach = network.design.kernel / 2 + 1
    let geometry = block.vertical.geometry
    height = geometry.top + 1
    let length = Self.rowLength(network, width) * channels
    let verticalShape: Shape = [images, height, width, channels]
    verticalProduct = PackedProduct(
      convolving: verticalShape, weights: block.vertical.weight.value,
      bias: block.vertical.bias?.value,
      geometry: .init(
        left: geometry.left, right: geometry.right, dilation: geometry.dilation.height), type)
    fromVertical = PackedProduct(
      weights: block.fromVertical.weight.value.tapsInnermost, bias: block.horizontal.bias?.value,
      rows: images * width, sourceStride: channels, targetStride: 2 * channels, type)
    horizontalProduct = PackedProduct(
      weights: block.horizontal.weight.value.tapsInnermost, bias: nil, rows: images,
      sourceStride: length, targetStride: width * 2 * channels, type, accumulating: true)
    residual = block.residual.map { [channels] residual in
      PackedProduct(
        weights: residual.weight.value.tapsInnermost, bias: residual.bias?.value, rows: images,
        sourceStride: channels, targetStride: length, type, accumulating: true)
    }
    skipProduct = PackedProduct(
      weights: block.skip.weight.value.tapsInnermost, bias: block.skip.bias?.value,
      rows: images,
      sourceStride: channels, targetStride: channels, type, accumulating: !isFirst)
    rows = Slab(verticalShape.count, type)
    wide = Slab(images * width * 2 * channels, type)
    horizontal = Slab(images * length, type)
    gated = Slab(images * channels, type)
  }

  /// Where a column's features begin in the first image of `horizontal`.
  func place(of column: Int) -> Int { (reach - 1 + column) * channels }

  /// Takes the vertical features of the row below this layer and replaces them by those above it.
  func startRow(_ vertical: Slab, condition: Tensor?) {
    let length = width * channels
    SlabRows(vertical, stride: length).copy(
      to: SlabRows(rows, at: (height - 1) * length, stride: height * length), rows: images,
      columns: length)
    verticalProduct.run(rows, into: wide)
    SlabRows(wide, stride: 2 * channels).gate(
      into: SlabRows(vertical, stride: channels), rows: images * width, channels: channels,
      condition: condition, accumulating: true)
    fromVertical.run(vertical, into: wide)
  }

  /// Computes one pixel of the horizontal stack, from this layer's inputs to the next one's.
  func compute(column: Int, condition: Tensor?, next: IncrementalBlock?, skip: Slab) {
    let length = (reach - 1 + width) * channels
    horizontalProduct.run(
      horizontal, from: column * channels, into: wide, at: column * 2 * channels)
    SlabRows(wide, at: column * 2 * channels, stride: width * 2 * channels)
      .gate(
        into: SlabRows(gated, stride: channels), rows: images, channels: channels,
        condition: condition)
    if let next, let residual {
      SlabRows(horizontal, at: place(of: column), stride: length).copy(
        to: SlabRows(next.horizontal, at: place(of: column), stride: length), rows: images,
        columns: channels)
      residual.run(gated, into: next.horizontal, at: place(of: column))
    }
    skipProduct.run(gated, into: skip)
  }

  /// Every product that it takes.
  var products: [PackedProduct] {
    [verticalProduct, horizontalProduct, fromVertical, skipProduct] + (residual.map { [$0] } ?? [])
  }

  /// Moves the rows up: the present one becomes the one above.
  func finishRow() {
    rows.moveRowsUp(images: images, rows: height, length: width * channels)
  }

  /// Forgets what was computed for earlier images.
  func clear() {
    for slab in [rows, horizontal] { slab.clear() }
  }

  /// Makes image i a copy of image `sources[i]`; what is not kept from one pixel to the next is left alone.
  func copyImages(_ sources: [Int]) {
    for slab in [rows, wide, horizontal] { slab.copyImages(sources) }
  }
}

extension Tensor {
  /// Weights `[outputs, inputs, height, width]` of a kernel as a matrix `[outputs, height * width * inputs]`, the
  /// inputs of a tap side by side as the features of a pixel are.
  var tapsInnermost: Tensor {
    permuted([0, 2, 3, 1]).reshaped(to: [shape[0], count / shape[0]])
  }
}
