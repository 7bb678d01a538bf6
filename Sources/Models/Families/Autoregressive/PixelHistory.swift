import Tensors

/// The pixels of a tile of images that are known so far, as a network sees them, for steppers that keep little else.
struct PixelHistory {
  private let shape: ImageShape
  private let scaling: LevelScaling
  /// Levels in -1...1, `tile * pixels * channels`; zeros where nothing is known.
  private(set) var values: [Float]

  init(_ shape: ImageShape) {
    self.shape = shape
    scaling = LevelScaling(levels: shape.levels)
    values = [Float](repeating: 0, count: Tiles.size * shape.dimensionCount)
  }

  /// Sets a pixel of every image, `tile * channels` levels.
  mutating func set(_ pixel: Int, _ levels: [Float]) {
    let channels = shape.channels
    for image in 0..<Tiles.size {
      for channel in 0..<channels {
        values[image * shape.dimensionCount + pixel * channels + channel] =
          scaling(levels[image * channels + channel])
      }
    }
  }

  /// Makes image i a copy of image `sources[i]`.
  mutating func copyImages(_ sources: [Int]) {
    let size = shape.dimensionCount
    for (image, source) in sources.enumerated() where image != source {
      for i in 0..<size { values[image * size + i] = values[source * size + i] }
    }
  }

  /// Some pixels of every image side by side, `[tile, pixels * channels]`, zeros for those that there are not.
  func pixels(_ places: [Int?]) -> Tensor {
    let (channels, size) = (shape.channels, shape.dimensionCount)
    return Tensor(shape: [Tiles.size, places.count * channels]) { buffer in
      var index = 0
      for image in 0..<Tiles.size {
        for place in places {
          for channel in 0..<channels {
            buffer[index] = place.map { values[image * size + $0 * channels + channel] } ?? 0
            index += 1
          }
        }
      }
    }
  }
}
