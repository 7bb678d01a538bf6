package import Tensors

/// Draws the pixels of a window model: what is known of an image so far is its levels alone.
package final class WindowStepper: PixelStepper {
  private let shape: ImageShape
  private let network: (Int, [Float]) -> Tensor
  /// `tile * pixels * channels`, scaled; zeros behind the present pixel.
  private var levels: [Float]
  private var pixel = 0

  /// - Parameter network: the numbers of a pixel of a tile, from its place and the levels.
  init(shape: ImageShape, _ network: @escaping (Int, [Float]) -> Tensor) {
    self.shape = shape
    self.network = network
    levels = [Float](repeating: 0, count: Tiles.size * shape.dimensionCount)
  }

  package func nextParameters() -> Tensor { network(pixel, levels) }

  package func advance(_ pixelLevels: [Float]) {
    let (channels, scaling) = (shape.channels, LevelScaling(levels: shape.levels))
    for image in 0..<Tiles.size {
      for channel in 0..<channels {
        levels[image * shape.dimensionCount + pixel * channels + channel] =
          scaling(pixelLevels[image * channels + channel])
      }
    }
    pixel += 1
  }

  package func copyImages(_ sources: [Int]) {
    let size = shape.dimensionCount
    for (image, source) in sources.enumerated() where image != source {
      for i in 0..<size { levels[image * size + i] = levels[source * size + i] }
    }
  }
}
