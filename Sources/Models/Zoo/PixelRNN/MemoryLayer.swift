import Layers
import Tensors

/// One layer of long short-term memory over an image, by rows or by diagonals from both sides.
struct MemoryLayer: Sendable {
  /// One direction.
  struct Direction: Sendable {
    /// From the features to the gates: of the pixel itself, and by rows of the one to its left too.
    let inputs: Convolution
    let ofClass: Linear?
    /// From the pixel's own value to the gates, in the direction that is moved down by a row: features see the pixels before alone,
    /// and without it a row's last pixel would be hidden from the next row's first ones.
    let ofPixel: Linear?
    /// `[4 * units, units, 1, taps]`: from the states of the step before to the gates.
    let states: Parameter
    let scan: Scan

    /// What inputs, classes and where they count the pixels give to the gates, `[images, height, width, 4 * units]`.
    func gates(_ features: Tensor, classes: Tensor?, image: Tensor) -> Tensor {
      var sums = inputs(features)
      if let ofPixel { sums = sums + ofPixel(image) }
      guard let ofClass, let classes else { return sums }
      let shift = ofClass(classes).converted(to: sums.elementType)
      return sums + shift.reshaped(to: [shift.shape[0], 1, 1, shift.shape[1]])
    }
  }

  let kind: Scan.Kind
  let units: Int
  /// From the left, and by diagonals from the right too.
  let directions: [Direction]
  /// From states to features.
  let output: Linear
  private let height: Int, width: Int

  /// Registers a layer under `scope`.
  init(_ scope: Scope, _ kind: Scan.Kind, shape: ImageShape, channels: Int, classCount: Int) {
    self.kind = kind
    (height, width) = (shape.height, shape.width)
    let units = max(1, channels / 2)
    self.units = units
    let isRow = kind == .row
    directions = (isRow ? ["down"] : ["from_left", "from_right"]).enumerated().map { index, name in
      let scope = scope / name
      let taps = isRow ? 3 : 2
      return Direction(
        inputs: Convolution(
          scope / "inputs", channels, 4 * units, reach: .leftAndHere, kernel: (1, isRow ? 2 : 1)),
        ofClass: classCount > 0
          ? Linear(scope / "class", classCount, 4 * units, bias: false) : nil,
        ofPixel: index == 1
          ? Linear(scope / "pixel", shape.channels, 4 * units, bias: false) : nil,
        states: scope.parameter(
          "states.weight", [4 * units, units, 1, taps], .scaled(inputs: taps * units, gain: 1)),
        scan: Scan(kind, height: shape.height, width: shape.width, isMirrored: index == 1))
    }
    output = Linear(scope / "output", units, channels)
  }

  /// `[images, height, width, channels]` to what is added to it.
  ///
  /// - Parameters:
  ///   - image: scaled levels, `[images, height, width, image channels]`.
  ///   - dropout: what becomes of the states.
  func callAsFunction(
    _ features: Tensor, classes: Tensor?, image: Tensor, dropout: (Tensor) -> Tensor
  ) -> Tensor {
    let parts = directions.enumerated().map { index, direction in
      let states = direction.scan.arranged(
        direction.gates(features, classes: classes, image: image)
      )
      .convolutionalMemory(weights: direction.states.value, left: 1)
      let map = direction.scan.restored(states, height: height, width: width)
      // What comes from the right has seen the rest of its row.
      return index == 0 ? map : map.shifted(by: 1, axis: 1)
    }
    return output(dropout(parts.dropFirst().reduce(parts[0], +)))
  }
}
