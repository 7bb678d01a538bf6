import Layers
import Tensors

/// The known pixels of some images, and what they let expect of the missing ones.
struct KnownPixels {
  /// As a network sees them, float32 `[images, height, width, channels + 1]`: missing ones as grey, or as they are expected, and
  /// a further channel says which they are, 1 for a known one.
  let shown: Tensor
  /// What is expected of every pixel, as ``PixelDistribution/relative(_:to:)`` takes it; nil where the distribution does not heed it.
  private let expected: Tensor?
  private let distribution: any PixelDistribution

  /// - Parameter missing: a value a pixel of every image; levels of missing pixels are not read.
  init(
    _ batch: ImageBatch, missing: [Bool], shape: ImageShape, _ distribution: any PixelDistribution
  ) {
    let (channels, scaling) = (shape.channels, LevelScaling(levels: shape.levels))
    precondition(batch.levels.count == missing.count * channels)
    self.distribution = distribution
    let expected =
      distribution.heedsNeighbours
      ? batch.levels.planes(levelCount: shape.levels).filledFromSurroundings(missing: missing) : nil
    self.expected = expected
    let guesses = expected?.values
    shown = Tensor(shape: batch.levels.shape.replacing(-1, with: channels + 1)) { buffer in
      batch.levels.withValues { values in
        for (pixel, isMissing) in missing.enumerated() {
          let start = pixel * (channels + 1)
          // Channels are expected as differences from the one before.
          var guess: Float = 0
          for channel in 0..<channels {
            guess += guesses?[pixel * channels + channel] ?? 0
            buffer[start + channel] =
              isMissing ? guess : scaling(values[pixel * channels + channel])
          }
          buffer[start + channels] = isMissing ? 0 : 1
        }
      }
    }
  }

  /// The distributions' parameters, given a network's numbers.
  func parameters(_ outputs: Tensor) -> Tensor {
    expected.map { distribution.relative(outputs, to: $0) } ?? outputs
  }
}
