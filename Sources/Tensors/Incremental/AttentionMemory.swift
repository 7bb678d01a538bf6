import CKernels

/// Keys and values of the places of some images that are known so far, for attention that is computed a place at a time.
package final class AttentionMemory {
  private let images: Int, places: Int, size: Int, features: Int
  /// Places and features in whole vectors.
  private let placeStride: Int, featureStride: Int
  /// `[images, size, placeStride]` and `[images, placeStride, featureStride]`, float32.
  private let keys: Slab, values: Slab
  private let scores: Slab, results: Slab
  private var seen = 0

  /// Nothing is known yet.
  ///
  /// - Parameters:
  ///   - size: numbers of a key.
  ///   - features: numbers of a value.
  package init(images: Int, places: Int, size: Int, features: Int) {
    (self.images, self.places, self.size, self.features) = (images, places, size, features)
    (placeStride, featureStride) = ((places + 15) / 16 * 16, (features + 15) / 16 * 16)
    keys = Slab(images * size * placeStride, .float32)
    values = Slab(images * placeStride * featureStride, .float32)
    scores = Slab(placeStride, .float32)
    results = Slab(images * featureStride, .float32)
  }

  /// Forgets every place.
  package func clear() {
    // What lies behind the places seen is read in whole vectors, and counts for nothing.
    for slab in [keys, values] { slab.clear() }
    seen = 0
  }

  /// What a query of each image, float32 `[images, size]`, gets from the places so far: `[images, features]`.
  package func attend(_ queries: Tensor) -> Tensor {
    precondition(queries.shape == [images, size], "\(queries.shape)")
    let shape = kernels_attention_shape(
      images: Int64(images), places: Int64(placeStride), key_size: Int64(size),
      value_size: Int64(featureStride))
    kernels_attention_step(
      shape, 1 / Float(size).squareRoot(), Int64(seen), queries.floats, floats(keys),
      floats(values), floats(scores), floats(results))
    let outputs = Tensor(uninitialized: [images, features])
    kernels_copy_rows(
      floats(results), Int64(featureStride * 4), outputs.pointer, Int64(features * 4),
      Int64(features * 4), Int64(images))
    return outputs
  }

  /// Adds a place: its key, float32 `[images, size]`, and value, `[images, features]`, in every image.
  package func append(key: Tensor, value: Tensor) {
    precondition(key.shape == [images, size] && value.shape == [images, features])
    precondition(seen < places, "more than \(places) places")
    let (to, from) = (floats(keys), key.floats)
    for row in 0..<images * size { to[row * placeStride + seen] = from[row] }
    kernels_copy_rows(
      value.pointer, Int64(features * 4), floats(values) + seen * featureStride,
      Int64(placeStride * featureStride * 4), Int64(features * 4), Int64(images))
    seen += 1
    withExtendedLifetime(key) {}
  }

  /// Makes image i a copy of image `sources[i]`.
  package func copyImages(_ sources: [Int]) {
    for slab in [keys, values] { slab.copyImages(sources) }
  }

  private func floats(_ slab: Slab) -> UnsafeMutablePointer<Float> {
    slab.pointer(at: 0, spanning: slab.count).assumingMemoryBound(to: Float.self)
  }
}
