import Models
import Tensors
import Training

/// The images of a data set as a model encodes them, each once.
struct EncodedOriginals: Sendable {
  /// Features of an image.
  let width: Int
  private let encoder: FeatureEncoder
  private let features: [FeatureEncoder.Features]

  /// Encodes every image, tiles over the threads.
  ///
  /// - Parameter images: images of the model's shape; an encoder that looks at classes is told theirs, if they have any.
  ///
  /// - Throws: `EngineError.cannot` where features are not finite.
  init(_ encoder: FeatureEncoder, _ images: ImageDataset) throws(EngineError) {
    self.encoder = encoder
    width = encoder.featureCount
    let blocks = stride(from: 0, to: images.count, by: 16 * Tiles.size)
    features = blocks.flatMap { start in
      let indices = Array(start..<min(images.count, start + 16 * Tiles.size))
      return encoder.encode(
        images.images(indices),
        labels: images.classes.isEmpty ? nil : indices.map { images.labels[$0] })
    }
    guard features.allSatisfy(\.isFinite) else { throw encoder.notFinite }
  }

  /// The features of one image.
  func mean(_ index: Int) -> [Float] { features[index].means }

  /// How far the encoder is from sure of each of them, as a variance; nil where it gives points.
  func variance(_ index: Int) -> [Float]? { features[index].variances }

  /// The features of these images, float32 `[images, width]`.
  func rows(_ indices: ArraySlice<Int>) -> Tensor {
    Tensor(indices.flatMap { mean($0) }, shape: [indices.count, width])
  }

  /// A finder among these images, known by their places.
  func finder(among indices: [Int]) -> NearestRows {
    NearestRows(keys: indices, width: width) { rows(indices[$0]) }
  }

  /// The features of new images, float32 `[images, width]`, encoded like the originals, without classes.
  func features(_ images: [[Float]]) -> Tensor {
    Tensor(encoder.encode(images).flatMap(\.means), shape: [images.count, width])
  }
}
