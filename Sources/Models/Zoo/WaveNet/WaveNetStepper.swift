import Layers
package import Tensors

extension WaveNet {
  /// The cached sampler.
  public func outputStepper(
    labels: [Int?], orders: [PixelOrder], _ pass: Pass
  ) -> any PixelStepper {
    WaveNetStepper(self, conditions: conditions(labels: Tiles.padded(labels)), pass)
  }
}

/// The cached sampler of a WaveNet: each layer keeps a queue of the inputs that its farther tap will read (Paine and others
/// 2016, Fast Wavenet Generation Algorithm, section 2).
package final class WaveNetStepper: PixelStepper {
  private let shape: ImageShape
  private let channels: Int, parameterCount: Int, reach: Int
  private let conditions: [Tensor?]
  private let first: PackedProduct
  private let layers: [Layer]
  private let head: PackedProduct, last: PackedProduct
  /// `[tile, reach + pixels, image channels]`, `reach` pixels of zeros first.
  private let image: Slab
  /// What places add to the first layer's features, `[pixels, channels]`.
  private let places: Slab
  /// `[tile, channels]`.
  private let gated: Slab, skip: Slab, hidden: Slab, headOutput: Slab
  /// `[tile, 2 * channels]`.
  private let wide: Slab
  private let hiddenFloat: Slab, result: Slab
  private var pixel = 0
  private var isComputed = false

  /// One layer's products and the queue of its inputs.
  private final class Layer {
    let near: PackedProduct, far: PackedProduct, residual: PackedProduct?, skip: PackedProduct
    /// `[tile, distance + 1, channels]`, used in turns.
    let queue: Slab
    let length: Int

    init(_ block: WaveNet.Block, channels: Int, next: Int?, isFirst: Bool, _ type: ElementType) {
      length = block.distance + 1
      let weight = block.gate.weight.value
      let tap = { (index: Int) in
        weight.sliced(index..<index + 1, axis: 3).reshaped(to: [2 * channels, channels])
      }
      let stride = length * channels
      far = PackedProduct(
        weights: tap(0), bias: block.gate.bias?.value, rows: Tiles.size, sourceStride: stride,
        targetStride: 2 * channels, type)
      near = PackedProduct(
        weights: tap(1), bias: nil, rows: Tiles.size, sourceStride: stride,
        targetStride: 2 * channels, type, accumulating: true)
      residual = block.residual.flatMap { residual in
        next.map {
          PackedProduct(
            weights: residual.weight.value, bias: residual.bias?.value, rows: Tiles.size,
            sourceStride: channels, targetStride: ($0 + 1) * channels, type, accumulating: true)
        }
      }
      skip = PackedProduct(
        weights: block.skip.weight.value, bias: block.skip.bias?.value, rows: Tiles.size,
        sourceStride: channels, targetStride: channels, type, accumulating: !isFirst)
      queue = Slab(Tiles.size * stride, type)
    }

    /// Where a pixel's input begins in the first image's queue, and that of the pixel a distance before it.
    func place(of pixel: Int) -> Int { pixel % length }
    func farPlace(of pixel: Int) -> Int { (pixel + 1) % length }
  }

  /// - Parameter conditions: rows for a whole tile.
  init(_ model: WaveNet, conditions: [Tensor?], _ pass: Pass) {
    let type = pass.elementType
    self.conditions = conditions
    shape = model.shape
    channels = model.configuration.channels
    parameterCount = model.distribution.parameterCount
    reach = model.configuration.firstKernel
    let (tile, blocks, channels) = (Tiles.size, model.blocks, channels)
    layers = blocks.enumerated().map { index, block in
      Layer(
        block, channels: channels,
        next: index + 1 < blocks.count ? blocks[index + 1].distance : nil, isFirst: index == 0,
        type)
    }
    first = PackedProduct(
      weights: model.first.weight.value.tapsInnermost, bias: model.first.bias?.value, rows: tile,
      sourceStride: (reach + shape.pixelCount) * shape.channels,
      targetStride: layers[0].length * channels, type, accumulating: true)
    head = PackedProduct(
      weights: model.head.weight.value, bias: model.head.bias?.value, rows: tile,
      sourceStride: channels, targetStride: channels, type)
    last = PackedProduct(
      weights: model.output.weight.value, bias: model.output.bias?.value, rows: tile,
      sourceStride: channels, targetStride: parameterCount, .float32)
    image = Slab(tile * (reach + shape.pixelCount) * shape.channels, type)
    places = Slab(shape.pixelCount * channels, type)
    places.fill(with: model.place.table)
    gated = Slab(tile * channels, type)
    skip = Slab(tile * channels, type)
    hidden = Slab(tile * channels, type)
    headOutput = Slab(tile * channels, type)
    wide = Slab(tile * 2 * channels, type)
    hiddenFloat = Slab(tile * channels, .float32)
    result = Slab(tile * parameterCount, .float32)
  }

  package func nextParameters() -> Tensor {
    computeFeatures()
    let dense = { (slab: Slab) in SlabRows(slab, stride: self.channels) }
    dense(skip).silu(into: dense(hidden), rows: Tiles.size, columns: channels)
    head.run(hidden, into: headOutput)
    dense(headOutput).silu(into: dense(hidden), rows: Tiles.size, columns: channels)
    dense(hidden).convert(into: dense(hiddenFloat), rows: Tiles.size, columns: channels)
    last.run(hiddenFloat, into: result)
    return SlabRows(result, stride: parameterCount)
      .tensor(rows: Tiles.size, columns: parameterCount)
  }

  package func advance(_ levels: [Float]) {
    // A pixel whose parameters nobody asked for leaves its features behind all the same.
    computeFeatures()
    let scaling = LevelScaling(levels: shape.levels)
    SlabRows(
      image, at: (reach + pixel) * shape.channels,
      stride: (reach + shape.pixelCount) * shape.channels
    ).write(levels.map { scaling($0) }, rows: Tiles.size, columns: shape.channels)
    pixel += 1
    isComputed = false
  }

  package func copyImages(_ sources: [Int]) {
    image.copyImages(sources)
    for layer in layers { layer.queue.copyImages(sources) }
  }

  /// All layers of the present pixel.
  private func computeFeatures() {
    guard !isComputed else { return }
    isComputed = true
    let start = layers[0].place(of: pixel) * channels
    SlabRows(places, at: pixel * channels, stride: 0).copy(
      to: SlabRows(layers[0].queue, at: start, stride: layers[0].length * channels),
      rows: Tiles.size, columns: channels)
    first.run(image, from: pixel * shape.channels, into: layers[0].queue, at: start)
    for (index, layer) in layers.enumerated() {
      let place = layer.place(of: pixel) * channels
      layer.far.run(layer.queue, from: layer.farPlace(of: pixel) * channels, into: wide)
      layer.near.run(layer.queue, from: place, into: wide)
      SlabRows(wide, stride: 2 * channels).gate(
        into: SlabRows(gated, stride: channels), rows: Tiles.size, channels: channels,
        condition: conditions[index])
      if let residual = layer.residual {
        let next = layers[index + 1]
        let target = next.place(of: pixel) * channels
        SlabRows(layer.queue, at: place, stride: layer.length * channels).copy(
          to: SlabRows(next.queue, at: target, stride: next.length * channels), rows: Tiles.size,
          columns: channels)
        residual.run(gated, into: next.queue, at: target)
      }
      layer.skip.run(gated, into: skip)
    }
  }
}
