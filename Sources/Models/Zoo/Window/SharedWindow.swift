import Layers
import Tensors

/// A window whose weights all pixels share: causal convolutions of one layer, and a small network above them.
struct SharedWindow: WindowNetwork {
  /// One over the rows above and one over the pixels to the left, or one along the sequence.
  private let parts: [Part]
  private let place: PositionalEmbedding
  private let ofClass: Linear?
  private let hidden: [Linear]
  private let output: Linear?
  private let shape: ImageShape

  private struct Part: Sendable {
    let convolution: Convolution
    /// Whether the image is one long row.
    let isSequence: Bool
    /// Rows and columns from a pixel to each of the kernel's taps; along the sequence, pixels.
    let taps: [(row: Int, column: Int)]
  }

  init(
    _ scope: Scope, _ configuration: Window.Configuration, shape: ImageShape, classCount: Int,
    outputs: Int
  ) {
    self.shape = shape
    let units = configuration.hidden > 0 ? configuration.hidden : outputs
    let gain: Float = configuration.hidden > 0 ? Float(2).squareRoot() : 0.1
    if configuration.reach > 0 {
      let reach = min(configuration.reach, max(1, shape.pixelCount - 1))
      parts = [
        Part(
          convolution: Convolution(
            scope / "sequence", shape.channels, units, reach: .left, kernel: (1, reach), gain: gain),
          isSequence: true, taps: (0..<reach).map { (0, $0 - reach) })
      ]
    } else {
      let (rows, side) = (configuration.rows, configuration.columns)
      parts = [
        Part(
          convolution: Convolution(
            scope / "above", shape.channels, units, reach: .above, kernel: (rows, 2 * side + 1),
            bias: false, gain: gain),
          isSequence: false,
          taps: (0..<rows).flatMap { row in (-side...side).map { (row - rows, $0) } }),
        Part(
          convolution: Convolution(
            scope / "left", shape.channels, units, reach: .left, kernel: (1, side), gain: gain),
          isSequence: false, taps: (0..<side).map { (0, $0 - side) }),
      ]
    }
    place = PositionalEmbedding(
      scope / "place", height: shape.height, width: shape.width, channels: units)
    ofClass =
      classCount > 0 ? Linear(scope / "class", classCount, units, bias: false, gain: 0.1) : nil
    hidden = (1..<max(1, configuration.hidden > 0 ? configuration.layers : 1)).map {
      Linear(scope / "hidden\($0)", units, units, gain: Float(2).squareRoot())
    }
    output = configuration.hidden > 0 ? Linear(scope / "output", units, outputs, gain: 0.1) : nil
  }

  func callAsFunction(_ image: Tensor, classes: Tensor?) -> Tensor {
    let (images, type) = (image.shape[0], image.elementType)
    var sum = place(images: images, type)
    for part in parts {
      let source =
        part.isSequence
        ? image.reshaped(to: [images, 1, shape.pixelCount, shape.channels]) : image
      sum = sum + part.convolution(source).reshaped(to: sum.shape)
    }
    if let ofClass, let classes {
      let shift = ofClass(classes).converted(to: type)
      sum = sum + shift.reshaped(to: [images, 1, 1, shift.shape[1]])
    }
    return head(sum)
  }

  /// From the sums over the window to the numbers of the pixels.
  private func head(_ sum: Tensor) -> Tensor {
    guard let output else { return sum.converted(to: .float32) }
    let features = hidden.reduce(sum.silu()) { $1($0).silu() }
    return output(features.converted(to: .float32))
  }

  func squaredWeights() -> Tensor {
    parts.map { $0.convolution.weight.value.squared().sum() }.reduce(
      Tensor(repeating: 0, shape: []), +)
  }

  func pixelNetwork(classes: Tensor?, _ type: ElementType) -> (Int, PixelHistory) -> Tensor {
    let weights = parts.map(\.convolution.weight.value.tapsInnermost)
    let table = place.table.reshaped(to: [shape.pixelCount, place.table.shape[-1]])
    let shift = classes.flatMap { classes in ofClass.map { $0(classes).converted(to: type) } }
    return { [self] pixel, history in
      var sum = table.sliced(pixel..<pixel + 1, axis: 0).converted(to: type)
        .broadcast(to: [Tiles.size, table.shape[1]])
      for (part, weight) in zip(parts, weights) {
        sum =
          sum
          + history.pixels(places(seenBy: part, from: pixel)).converted(to: type)
          .linear(weights: weight, bias: part.convolution.bias?.value)
      }
      return head(shift.map { sum + $0 } ?? sum)
    }
  }

  /// The pixels that a kernel sees from a pixel; nil outside of the image.
  private func places(seenBy part: Part, from pixel: Int) -> [Int?] {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: shape.width)
    return part.taps.map { tap in
      if part.isSequence { return pixel + tap.column >= 0 ? pixel + tap.column : nil }
      let (otherRow, otherColumn) = (row + tap.row, column + tap.column)
      return otherRow >= 0 && (0..<shape.width).contains(otherColumn)
        ? otherRow * shape.width + otherColumn : nil
    }
  }
}
