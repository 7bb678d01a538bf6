import Models
import Tensors
import Training

/// The images of a data set as a model encodes them, each once.
struct EncodedOriginals: Sendable {
  /// Features of an image.
  let width: Int
  private let model: any Encoding
  private let pass: Pass
  private let means: [Float]
  private let variances: [Float]?

  /// Encodes every image, tiles over the threads.
  ///
  /// - Parameter images: images of the model's shape; an encoder that looks at classes is told theirs, if they have any.
  init(_ model: any Encoding, _ images: ImageDataset, _ pass: Pass) {
    self.model = model
    self.pass = pass
    width = model.latentCount
    let tiles = ThreadPool.map((images.count + tileSize - 1) / tileSize) {
      tile -> (means: [Float], variances: [Float]?) in
      let part = Array(tile * tileSize..<min(images.count, (tile + 1) * tileSize))
      // Always a whole tile: rounding can depend on the number of rows.
      let padded = part + [Int](repeating: part[0], count: tileSize - part.count)
      let encodings = model.encodings(images.batch(padded), pass)
      let count = part.count * model.latentCount
      return (
        means: Array(encodings.means.values[..<count]),
        variances: encodings.variances.map { Array($0.values[..<count]) }
      )
    }
    means = tiles.flatMap(\.means)
    let parts = tiles.compactMap(\.variances)
    variances = parts.count == tiles.count ? parts.flatMap { $0 } : nil
  }

  /// The features of one image.
  func mean(_ index: Int) -> ArraySlice<Float> { means[index * width..<(index + 1) * width] }

  /// How far the encoder is from sure of each of them, as a variance; nil where it gives points.
  func variance(_ index: Int) -> ArraySlice<Float>? {
    variances.map { $0[index * width..<(index + 1) * width] }
  }

  /// The features of these images, float32 `[images, width]`.
  func rows(_ indices: ArraySlice<Int>) -> Tensor {
    Tensor(indices.flatMap { mean($0) }, shape: [indices.count, width])
  }

  /// A finder among these images, known by their places.
  func finder(among indices: [Int]) -> NearestRows {
    NearestRows(keys: indices, width: width) { rows(indices[$0]) }
  }

  /// The features of new images, float32 `[images, width]`, encoded by tiles like the originals, without classes.
  ///
  /// - Parameter levels: `[images, height, width, channels]`.
  func features(_ levels: Tensor) -> Tensor {
    let (shape, size, count) = (model.shape, model.shape.dimensionCount, levels.shape[0])
    let tiles = ThreadPool.map((count + tileSize - 1) / tileSize) { tile -> [Float] in
      let range = tile * tileSize..<min(count, (tile + 1) * tileSize)
      let padded = Tensor(shape: [tileSize, shape.height, shape.width, shape.channels]) { buffer in
        buffer.update(repeating: 0)
        levels.withValues { values in
          for place in 0..<range.count * size {
            buffer[place] = values[range.lowerBound * size + place]
          }
        }
      }
      let encodings = model.encodings(ImageBatch(levels: padded), pass)
      return Array(encodings.means.values[..<(range.count * width)])
    }
    return Tensor(tiles.flatMap { $0 }, shape: [count, width])
  }
}
