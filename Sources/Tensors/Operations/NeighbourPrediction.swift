/// What is expected of a pixel by those before it in raster order.
public enum NeighbourPrediction {
  /// The median of the left value, the one above, and the plane through them and the corner: an edge is taken for an edge
  /// (Weinberger, Seroussi and Sapiro 2000, The LOCO-I Lossless Image Compression Algorithm, section III.A).
  ///
  @inline(__always)
  public static func value(left: Float, above: Float, corner: Float) -> Float {
    let (low, high) = (min(left, above), max(left, above))
    return max(low, min(high, left + above - corner))
  }

  /// The same for a pixel at a place: of the first row only the left is known, of the first column only what is above, and nothing
  /// of the first pixel, for which it is the middle.
  ///
  /// - Parameter plane: the value so many rows above the pixel and so many columns left of it.
  @inline(__always)
  public static func value(
    row: Int, column: Int, plane: (_ above: Int, _ left: Int) -> Float
  ) -> Float {
    guard row > 0 else { return column > 0 ? plane(0, 1) : 0 }
    guard column > 0 else { return plane(1, 0) }
    return value(left: plane(0, 1), above: plane(1, 0), corner: plane(1, 1))
  }

  /// A channel of a pixel as it is expected: the first in -1...1, the others as differences from the channel before.
  @inline(__always)
  public static func plane(
    _ pixel: UnsafePointer<Float>, channel: Int, levelCount: Int
  ) -> Float {
    let scale = 2 / Float(levelCount - 1)
    return channel == 0
      ? pixel[0] * scale - 1 : (pixel[channel] - pixel[channel - 1]) * scale
  }
}

extension Tensor {
  /// What is expected of every pixel of images by those before it, float32 of the images' shape; constant.
  ///
  /// Self holds levels, float32 `[images, height, width, channels]`.
  public func neighbourPredictions(levelCount: Int) -> Tensor {
    precondition(shape.rank == 4 && levelCount >= 2, "\(shape) is no batch of images")
    let (height, width, channels) = (shape[1], shape[2], shape[3])
    return Tensor(shape: shape) { result in
      withValues { levels in
        guard let base = levels.baseAddress else { return }
        for pixel in 0..<levels.count / channels {
          for channel in 0..<channels {
            result[pixel * channels + channel] = NeighbourPrediction.value(
              row: pixel / width % height, column: pixel % width
            ) { above, left in
              NeighbourPrediction.plane(
                base + (pixel - above * width - left) * channels, channel: channel,
                levelCount: levelCount)
            }
          }
        }
      }
    }
  }

  /// The parameters of a logistic mixture with every logistic's means moved by these.
  ///
  /// Self holds float32 parameters as ``logisticMixtureLoss(levels:mixtures:levelCount:start:)`` takes them, `means` float32 of the same
  /// leading axes and a value a channel, a constant.
  public func shiftedMeans(by means: Tensor, mixtures: Int) -> Tensor {
    let (width, channels) = (shape[-1], means.shape[-1])
    precondition(
      count / width == means.count / channels && width >= mixtures * (1 + 2 * channels),
      "\(shape) moved by \(means.shape)")
    let result = Tensor(shape: shape) { result in
      withValues { parameters in
        means.withValues { means in
          for pixel in 0..<count / width {
            let start = pixel * width
            for i in start..<start + width { result[i] = parameters[i] }
            for channel in 0..<channels {
              let mean = means[pixel * channels + channel]
              let first = start + mixtures * (1 + 2 * channel)
              for i in first..<first + mixtures { result[i] += mean }
            }
          }
        }
      }
    }
    return result.recorded(from: [self]) { [$0] }
  }
}
