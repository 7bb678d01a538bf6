import Layers
import Tensors

/// The cached sampler of a gated PixelCNN: a new pixel computes only what it changes.
///
/// The vertical stack is computed a row of pixels at a time, when the rows above are complete; the horizontal one a
/// pixel at a time. Both keep the features that later kernels will read. One full pass in all, spread over the
/// pixels, instead of one a pixel (Ramachandran et al. 2017, Fast Generation for Convolutional Autoregressive
/// Models).
final class PixelCNNStepper: PixelStepper {
  private let model: PixelCNN
  private let network: IncrementalPixelCNN
  private let conditions: [GatedBlock.Conditions]
  private var column = 0

  init(_ model: PixelCNN, labels: [Int?], orders: [PixelOrder], _ pass: Pass) {
    self.model = model
    network = IncrementalPixelCNN(model, pass.elementType)
    let padding = Tiles.size - labels.count
    conditions = model.conditions(
      labels: labels + [Int?](repeating: nil, count: padding),
      orders: orders + [PixelOrder](repeating: .raster, count: padding))
  }

  func nextParameters() -> Tensor {
    network.computeFeatures(column: column, conditions: conditions)
    return network.output()
  }

  func advance(_ levels: [Float]) {
    // A pixel whose parameters nobody asked for leaves its features behind all the same.
    network.computeFeatures(column: column, conditions: conditions)
    let scaling = LevelScaling(levels: model.shape.levels)
    network.setPixel(column: column, levels.map { scaling($0) })
    column += 1
    if column == model.shape.width {
      column = 0
      network.finishRow()
    }
  }

  func copyImages(_ sources: [Int]) {
    network.copyImages(sources)
  }
}

extension PixelCNN {
  /// The cached sampler.
  public func stepper(labels: [Int?], orders: [PixelOrder], _ pass: Pass) -> any PixelStepper {
    PixelCNNStepper(self, labels: labels, orders: orders, pass)
  }
}
