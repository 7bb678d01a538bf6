import Layers
import Tensors

/// A window of which every pixel has weights of its own: one masked product.
struct OwnWindow: WindowNetwork {
  private let linear: MaskedLinear
  private let ofClass: Linear?
  private let mask: Tensor
  private let shape: ImageShape
  private let outputs: Int

  init(
    _ scope: Scope, _ configuration: Window.Configuration, shape: ImageShape, classCount: Int,
    outputs: Int
  ) {
    self.shape = shape
    self.outputs = outputs
    let total = shape.pixelCount * outputs
    linear = MaskedLinear(scope / "pixels", shape.dimensionCount, total, gain: 0.1)
    ofClass =
      classCount > 0 ? Linear(scope / "class", classCount, total, bias: false, gain: 0.1) : nil
    mask = Tensor(shape: [total, shape.dimensionCount]) { [shape] buffer in
      for pixel in 0..<shape.pixelCount {
        let start = pixel * outputs * shape.dimensionCount
        let row = UnsafeMutableBufferPointer(
          rebasing: buffer[start..<start + shape.dimensionCount])
        for value in 0..<shape.dimensionCount {
          let isSeen = Self.isSeen(value / shape.channels, from: pixel, shape, configuration)
          row[value] = isSeen ? 1 : 0
        }
        for output in 1..<max(1, outputs) {
          let other = start + output * shape.dimensionCount
          for value in row.indices { buffer[other + value] = row[value] }
        }
      }
    }
  }

  /// Whether a pixel is in the window of another one.
  private static func isSeen(
    _ other: Int, from pixel: Int, _ shape: ImageShape, _ window: Window.Configuration
  ) -> Bool {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: shape.width)
    let (otherRow, otherColumn) = other.quotientAndRemainder(dividingBy: shape.width)
    func isWithin(_ distance: Int, _ limit: Int) -> Bool { limit == 0 || distance <= limit }
    return other < pixel && isWithin(pixel - other, window.reach)
      && isWithin(row - otherRow, window.rows)
      && isWithin(abs(column - otherColumn), window.columns)
  }

  func callAsFunction(_ image: Tensor, classes: Tensor?) -> Tensor {
    let flat = image.reshaped(to: [image.shape[0], shape.dimensionCount])
    var sums = linear.masked(by: mask)(flat).converted(to: .float32)
    if let ofClass, let classes { sums = sums + ofClass(classes) }
    return sums.reshaped(to: image.shape.replacing(-1, with: outputs))
  }

  func squaredWeights() -> Tensor { linear.weight.value.kept(where: mask).squared().sum() }

  func pixelNetwork(classes: Tensor?, _ type: ElementType) -> (Int, PixelHistory) -> Tensor {
    let weight = linear.weight.value.kept(where: mask)
    let ofClasses = classes.flatMap { ofClass?($0) }
    return { [outputs, linear, shape] pixel, history in
      let range = pixel * outputs..<(pixel + 1) * outputs
      let image = Tensor(history.values, shape: [Tiles.size, shape.dimensionCount]).converted(
        to: type)
      let sums = image.linear(
        weights: weight.sliced(range, axis: 0), bias: linear.bias?.value.sliced(range, axis: 0)
      ).converted(to: .float32)
      return ofClasses.map { sums + $0.sliced(range, axis: 1) } ?? sums
    }
  }
}
