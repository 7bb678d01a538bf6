import Tensors

extension ImageBatch {
  /// The known pixels as a network sees them, float32 `[images, height, width, channels + 1]`: missing ones as grey, and a further
  /// channel says which they are, 1 for a known one.
  func shown(missing: [Bool], shape: ImageShape) -> Tensor {
    let (channels, scaling) = (shape.channels, LevelScaling(levels: shape.levels))
    precondition(levels.count == missing.count * channels)
    return Tensor(shape: levels.shape.replacing(-1, with: channels + 1)) { buffer in
      levels.withValues { values in
        for (pixel, isMissing) in missing.enumerated() {
          let start = pixel * (channels + 1)
          for channel in 0..<channels {
            buffer[start + channel] = isMissing ? 0 : scaling(values[pixel * channels + channel])
          }
          buffer[start + channels] = isMissing ? 0 : 1
        }
      }
    }
  }
}
