import Layers
package import Tensors

/// Adds to a network's numbers of the next pixel what is expected of it by its neighbours, as
/// ``PixelDistribution/anticipated(_:levels:shape:)`` does for whole images.
package final class NeighbourStepper<Inner: PixelStepper>: PixelStepper {
  /// The network's own.
  let inner: Inner
  package let rows: Int
  private let shape: ImageShape
  private let distribution: any PixelDistribution
  /// Levels of the row under way and the one above, `[2, tile, width, channels]`; rows take turns.
  private var levelRows: [Float]
  fileprivate var pixel = 0

  init(_ inner: Inner, shape: ImageShape, distribution: any PixelDistribution) {
    self.inner = inner
    self.shape = shape
    self.distribution = distribution
    rows = inner.rows
    levelRows = [Float](repeating: 0, count: 2 * inner.rows * shape.width * shape.channels)
  }

  private func place(_ image: Int, row: Int, column: Int) -> Int {
    ((row % 2 * rows + image) * shape.width + column) * shape.channels
  }

  package func nextParameters() -> Tensor {
    let own = inner.nextParameters()
    guard distribution.heedsNeighbours else { return own }
    let (row, column, levels) = (pixel / shape.width, pixel % shape.width, shape.levels)
    let expected = Tensor(shape: [rows, shape.channels]) { result in
      levelRows.withUnsafeBufferPointer { known in
        guard let base = known.baseAddress else { return }
        for image in 0..<rows {
          for channel in 0..<shape.channels {
            result[image * shape.channels + channel] = NeighbourPrediction.value(
              row: row, column: column
            ) { above, left in
              NeighbourPrediction.plane(
                base + place(image, row: row - above, column: column - left), channel: channel,
                levelCount: levels)
            }
          }
        }
      }
    }
    return distribution.relative(own, to: expected)
  }

  package func advance(_ levels: [Float]) {
    inner.advance(levels)
    guard distribution.heedsNeighbours else { return }
    let (row, column, channels) = (pixel / shape.width, pixel % shape.width, shape.channels)
    for image in 0..<rows {
      let target = place(image, row: row, column: column)
      for channel in 0..<channels {
        levelRows[target + channel] = levels[image * channels + channel]
      }
    }
    pixel += 1
  }

  package func copyImages(_ sources: [Int]) {
    inner.copyImages(sources)
    guard distribution.heedsNeighbours else { return }
    let length = shape.width * shape.channels
    for row in 0..<2 {
      for (image, source) in sources.enumerated() where image != source {
        let (to, from) = (
          place(image, row: row, column: 0), place(source, row: row, column: 0)
        )
        for i in 0..<length { levelRows[to + i] = levelRows[from + i] }
      }
    }
  }
}

extension NeighbourStepper where Inner == GatedStepper {
  /// Begins new images, of which nothing is known yet.
  ///
  /// - Parameter maps: float32 `[tile, height, width, mapChannels]`.
  package func start(maps: Tensor) {
    // Nothing that is remembered of earlier ones is read before it is written again.
    pixel = 0
    inner.start(maps: maps)
  }
}

extension PixelDistribution {
  /// A causal network's numbers of whole images, with what is expected of each pixel by those before it.
  ///
  /// - Parameters:
  ///   - outputs: float32 `[images, height, width, parameterCount]`.
  ///   - levels: the images, in the network's order.
  func anticipated(_ outputs: Tensor, levels: Tensor, shape: ImageShape) -> Tensor {
    guard heedsNeighbours else { return outputs }
    return relative(outputs, to: levels.neighbourPredictions(levelCount: shape.levels))
  }
}
