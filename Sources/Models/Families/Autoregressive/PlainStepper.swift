public import Tensors

/// The plain way: one full pass for every pixel.
///
/// The measure that cached steppers are held against.
public final class PlainStepper: PixelStepper {
  private let fullPass: (ImageBatch, [PixelOrder]) -> Tensor
  private let shape: ImageShape
  private let labels: [Int?]
  private let orders: [PixelOrder]
  private let levels: Tensor
  private var pixel = 0

  /// A stepper before the first pixel.
  ///
  /// - Parameters:
  ///   - labels: at most a tile of them; the rest is padding.
  ///   - fullPass: float32 `[images, height, width, numbers]` of images, permuted to these orders.
  public init(
    labels: [Int?], orders: [PixelOrder], shape: ImageShape,
    fullPass: @escaping (ImageBatch, [PixelOrder]) -> Tensor
  ) {
    let padding = Tiles.size - labels.count
    self.orders = orders + [PixelOrder](repeating: .raster, count: padding)
    self.labels = labels + [Int?](repeating: nil, count: padding)
    self.shape = shape
    self.fullPass = fullPass
    levels = Tensor(
      repeating: 0, shape: [Tiles.size, shape.height, shape.width, shape.channels])
  }

  /// The pixel's row of a full pass.
  public func nextParameters() -> Tensor {
    let all = fullPass(ImageBatch(levels: levels, labels: labels), orders)
    let (pixels, width) = (shape.pixelCount, all.shape[-1])
    return Tensor(shape: [Tiles.size, width]) { row in
      all.withValues { values in
        for image in 0..<Tiles.size {
          let start = (image * pixels + pixel) * width
          for i in 0..<width { row[image * width + i] = values[start + i] }
        }
      }
    }
  }

  /// Writes the pixel into every image.
  public func advance(_ pixelLevels: [Float]) {
    let (pixels, channels) = (shape.pixelCount, shape.channels)
    levels.updateInPlace { values in
      for image in 0..<Tiles.size {
        for channel in 0..<channels {
          values[(image * pixels + pixel) * channels + channel] =
            pixelLevels[image * channels + channel]
        }
      }
    }
    pixel += 1
  }

  /// Copies the pixels so far.
  public func copyImages(_ sources: [Int]) {
    let size = shape.dimensionCount
    levels.updateInPlace { values in
      for (image, source) in sources.enumerated() where image != source {
        for i in 0..<size { values[image * size + i] = values[source * size + i] }
      }
    }
  }
}
