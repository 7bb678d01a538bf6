import Layers
import Tensors

/// One attention layer's cached keys and values.
final class IncrementalAttention {
  private let images: Int, channels: Int, imageChannels: Int, type: ElementType
  private let fromFeatures: PackedProduct, fromPixel: PackedProduct
  private let key: PackedProduct, value: PackedProduct, query: PackedProduct
  private let residual: PackedProduct, skipProduct: PackedProduct
  private let keyPlaces: Slab, queryPlaces: Slab
  private let memory: AttentionMemory
  /// `[tile, ...]`: what features give of the pixel under way, that after the pixel was added, a query or key, and what was fetched.
  private let ofFeatures: Slab, seen: Slab, short: Slab, fetched: Slab
  private let pixel: Slab
  private var place = 0

  /// - Parameter rowLength: columns of a row of features, in which the layer's input lies.
  init(
    _ attention: CausalAttention, shape: ImageShape, channels: Int, rowLength: Int,
    _ type: ElementType, images: Int
  ) {
    self.images = images
    (self.channels, imageChannels, self.type) = (channels, shape.channels, type)
    let size = CausalAttention.keySize
    func product(
      _ layer: Linear, from sourceStride: Int, to targetStride: Int, accumulating: Bool = false
    ) -> PackedProduct {
      PackedProduct(
        weights: layer.weight.value, bias: layer.bias?.value, rows: images,
        sourceStride: sourceStride, targetStride: targetStride, type, accumulating: accumulating)
    }
    let length = rowLength * channels
    fromFeatures = product(attention.fromFeatures, from: length, to: channels)
    fromPixel = product(
      attention.fromPixel, from: shape.channels, to: channels, accumulating: true)
    key = product(attention.key, from: channels, to: size, accumulating: true)
    value = product(attention.value, from: channels, to: channels)
    query = product(attention.query, from: length, to: size, accumulating: true)
    residual = product(attention.residual, from: channels, to: length, accumulating: true)
    skipProduct = product(attention.skip, from: channels, to: channels, accumulating: true)
    func places(_ embedding: PositionalEmbedding) -> Slab {
      let slab = Slab(shape.pixelCount * size, type)
      slab.fill(with: embedding.table)
      return slab
    }
    (keyPlaces, queryPlaces) = (places(attention.keyPlace), places(attention.queryPlace))
    memory = AttentionMemory(
      images: images, places: shape.pixelCount, size: size, features: channels)
    ofFeatures = Slab(images * channels, type)
    seen = Slab(images * channels, type)
    fetched = Slab(images * channels, type)
    short = Slab(images * size, type)
    pixel = Slab(images * shape.channels, type)
  }

  /// Adds what the pixel under way fetches to its features, which begin at `start` in the first image of `features`, and to the result.
  func compute(_ features: Slab, at start: Int, skip: Slab) {
    fromFeatures.run(features, from: start, into: ofFeatures)
    place(queryPlaces)
    query.run(features, from: start, into: short)
    let size = CausalAttention.keySize
    let answer = memory.attend(
      SlabRows(short, stride: size).tensor(rows: images, columns: size))
    fetched.fill(with: answer)
    residual.run(fetched, into: features, at: start)
    skipProduct.run(fetched, into: skip)
  }

  /// Remembers the pixel under way, `tile * image channels` values in -1...1, and goes on to the next.
  func setPixel(_ values: [Float]) {
    let size = CausalAttention.keySize
    SlabRows(pixel, stride: imageChannels).write(values, rows: images, columns: imageChannels)
    fromPixel.run(pixel, into: ofFeatures)
    let dense = SlabRows(seen, stride: channels)
    SlabRows(ofFeatures, stride: channels).silu(into: dense, rows: images, columns: channels)
    place(keyPlaces)
    key.run(seen, into: short)
    value.run(seen, into: fetched)
    memory.append(
      key: SlabRows(short, stride: size).tensor(rows: images, columns: size),
      value: SlabRows(fetched, stride: channels).tensor(rows: images, columns: channels))
    place += 1
  }

  /// Writes a table's row for the pixel under way into every image's query or key.
  private func place(_ table: Slab) {
    let size = CausalAttention.keySize
    SlabRows(table, at: place * size, stride: 0).copy(
      to: SlabRows(short, stride: size), rows: images, columns: size)
  }

  /// Every product that it takes.
  var products: [PackedProduct] {
    [fromFeatures, fromPixel, key, value, query, residual, skipProduct]
  }

  /// Forgets what was computed for earlier images.
  func clear() {
    memory.clear()
    place = 0
  }

  /// Makes image i a copy of image `sources[i]`.
  func copyImages(_ sources: [Int]) { memory.copyImages(sources) }
}
