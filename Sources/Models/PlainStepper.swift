public import Tensors

/// The plain way: one full pass for every pixel.
///
/// The measure that cached steppers are held against.
public final class PlainStepper<Model: Autoregressive>: PixelStepper {
  private let model: Model
  private let labels: [Int?]?
  private let orders: [PixelOrder]
  private let pass: Pass
  private let levels: Tensor
  private var pixel = 0

  /// A stepper before the first pixel; `labels` has at most `tileSize` entries.
  public init(_ model: Model, labels: [Int?], orders: [PixelOrder], _ pass: Pass) {
    self.model = model
    self.orders = orders + [PixelOrder](repeating: .raster, count: tileSize - orders.count)
    self.pass = pass
    self.labels =
      model.classCount > 0
      ? labels + [Int?](repeating: nil, count: tileSize - labels.count) : nil
    let shape = model.shape
    levels = Tensor(
      repeating: 0, shape: [tileSize, shape.height, shape.width, shape.channels])
  }

  /// The pixel's row of a full pass.
  public func nextParameters() -> Tensor {
    let all = model.parameters(of: ImageBatch(levels: levels, labels: labels, orders: orders), pass)
    let (pixels, width) = (model.shape.pixelCount, all.shape[-1])
    return Tensor(shape: [tileSize, width]) { row in
      all.withValues { values in
        for image in 0..<tileSize {
          let start = (image * pixels + pixel) * width
          for i in 0..<width { row[image * width + i] = values[start + i] }
        }
      }
    }
  }

  /// Writes the pixel into every image.
  public func advance(_ pixelLevels: [Float]) {
    let (pixels, channels) = (model.shape.pixelCount, model.shape.channels)
    levels.updateInPlace { values in
      for image in 0..<tileSize {
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
    let size = model.shape.dimensionCount
    levels.updateInPlace { values in
      for (image, source) in sources.enumerated() where image != source {
        for i in 0..<size { values[image * size + i] = values[source * size + i] }
      }
    }
  }
}
