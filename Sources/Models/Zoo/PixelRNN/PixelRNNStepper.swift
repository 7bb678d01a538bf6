import Layers
package import Tensors

extension PixelRNN {
  /// The cached sampler: a step of every layer a pixel.
  public func outputStepper(
    labels: [Int?], orders: [PixelOrder], _ pass: Pass
  ) -> any PixelStepper {
    PixelRNNStepper(self, classes: classes(Tiles.padded(labels)), pass)
  }
}

/// The cached sampler of a PixelRNN: each layer keeps the features and the memory of the row under way and of the one above.
package final class PixelRNNStepper: PixelStepper {
  private let model: PixelRNN
  private let shape: ImageShape
  private let type: ElementType
  private let classes: Tensor?
  private var layers: [Layer]
  private var history: PixelHistory
  private var row = 0, column = 0
  /// The features of the present pixel behind the last layer; nil before they are computed.
  private var features: Tensor?

  /// A state and a cell, `[tile, units]` each.
  private typealias Memory = (state: Tensor, cell: Tensor)

  /// One layer's rows: a value for each column, nil where there is none yet.
  private struct Layer {
    /// The features that the layer reads, of the row under way.
    var inputs: [Tensor?]
    /// The memory from above or the left, of the row under way and of the one above.
    var here: [Memory?], above: [Memory?]
    /// The memory from the right, of the row above and, until that is made, of the one above that.
    var rightAbove: [Memory?]

    init(width: Int) {
      inputs = [Tensor?](repeating: nil, count: width)
      here = [Memory?](repeating: nil, count: width)
      (above, rightAbove) = (here, here)
    }
  }

  init(_ model: PixelRNN, classes: Tensor?, _ pass: Pass) {
    self.model = model
    self.classes = classes
    shape = model.shape
    type = pass.elementType
    layers = model.layers.map { _ in Layer(width: model.shape.width) }
    history = PixelHistory(shape)
  }

  package func nextParameters() -> Tensor { model.numbers(computed()) }

  package func advance(_ levels: [Float]) {
    // A pixel whose parameters nobody asked for leaves its features behind all the same.
    _ = computed()
    history.set(row * shape.width + column, levels)
    features = nil
    column += 1
    if column == shape.width { finishRow() }
  }

  package func copyImages(_ sources: [Int]) {
    let places = sources.map(Int32.init)
    history.copyImages(sources)
    let copied = { (memory: Memory?) in
      memory.map { (state: $0.state.embedded(places), cell: $0.cell.embedded(places)) }
    }
    for index in layers.indices {
      layers[index].inputs = layers[index].inputs.map { $0?.embedded(places) }
      layers[index].here = layers[index].here.map(copied)
      layers[index].above = layers[index].above.map(copied)
      layers[index].rightAbove = layers[index].rightAbove.map(copied)
    }
  }

  /// The features of the present pixel, all layers, `[tile, channels]`.
  private func computed() -> Tensor {
    if let features { return features }
    var present = firstFeatures()
    for (index, layer) in model.layers.enumerated() {
      layers[index].inputs[column] = present
      let direction = layer.directions[0]
      let memory = step(
        direction, layer.units, gates: gates(direction, layers[index].inputs, at: column),
        before: layer.kind == .row
          ? [-1, 0, 1].map { held(layers[index].above, column + $0) }
          : [held(layers[index].above, column), held(layers[index].here, column - 1)], cell: 1)
      layers[index].here[column] = memory
      var states = memory.state
      if layer.directions.count > 1, let right = layers[index].rightAbove[column] {
        states = states + right.state
      }
      present = present + layer.output(states)
    }
    features = present
    return present
  }

  private func held(_ row: [Memory?], _ column: Int) -> Memory? {
    row.indices.contains(column) ? row[column] : nil
  }

  /// What the first layer reads of a pixel, `[tile, channels]`.
  private func firstFeatures() -> Tensor {
    let channels = model.configuration.channels
    let table = model.place.table.sliced(row..<row + 1, axis: 0)
      .sliced(column..<column + 1, axis: 1)
    var sum = table.reshaped(to: [1, channels]).converted(to: type)
      .broadcast(to: [Tiles.size, channels])
    for convolution in [model.firstAbove, model.firstLeft] {
      sum =
        sum
        + window(convolution).linear(
          weights: convolution.weight.value.tapsInnermost, bias: convolution.bias?.value)
    }
    return sum
  }

  /// What a causal kernel sees from the present pixel, `[tile, taps * channels]`, zeros outside of the image.
  private func window(_ convolution: Convolution) -> Tensor {
    let size = convolution.weight.value.shape
    let (top, left) = (convolution.geometry.top, convolution.geometry.left)
    let places = (0..<size[2]).flatMap { tapRow in
      (0..<size[3]).map { tapColumn -> Int? in
        let (y, x) = (row - top + tapRow, column - left + tapColumn)
        return y >= 0 && (0..<shape.width).contains(x) ? y * shape.width + x : nil
      }
    }
    return history.pixels(places).converted(to: type)
  }

  /// What the features of a row give to the gates of one of its pixels, float32 `[tile, 4 * units]`.
  private func gates(
    _ direction: MemoryLayer.Direction, _ inputs: [Tensor?], at column: Int
  ) -> Tensor {
    let channels = model.configuration.channels
    let taps = direction.inputs.weight.value.shape[3]
    let seen = (0..<taps).map { tap -> Tensor in
      let place = column - (taps - 1) + tap
      return (place >= 0 ? inputs[place] : nil)
        ?? Tensor(repeating: 0, shape: [Tiles.size, channels], type)
    }
    let sums = Tensor.concatenated(seen, axis: 1).linear(
      weights: direction.inputs.weight.value.tapsInnermost, bias: direction.inputs.bias?.value)
    var result = sums.converted(to: .float32)
    if let ofClass = direction.ofClass, let classes { result = result + ofClass(classes) }
    guard let ofPixel = direction.ofPixel else { return result }
    let pixel = history.pixels([row * shape.width + column]).converted(to: type)
    return result + ofPixel(pixel).converted(to: .float32)
  }

  /// One step of a memory.
  ///
  /// - Parameters:
  ///   - before: the memories that the convolution of states reads, one a tap.
  ///   - cell: which of them is that of the same place.
  private func step(
    _ direction: MemoryLayer.Direction, _ units: Int, gates: Tensor, before: [Memory?], cell: Int
  ) -> Memory {
    let zeros = Tensor(repeating: 0, shape: [Tiles.size, units])
    let states = Tensor.concatenated(
      before.map { ($0?.state.converted(to: .float32) ?? zeros).converted(to: type) }, axis: 1)
    let products = states.linear(weights: direction.states.value.tapsInnermost)
    let memory = longShortTermStep(
      gates: gates + products.converted(to: .float32), cell: before[cell]?.cell ?? zeros)
    return (memory.state.converted(to: type), memory.cell)
  }

  /// The row under way becomes the one above, and its memory from the right is made.
  private func finishRow() {
    for (index, layer) in model.layers.enumerated() {
      if layer.directions.count > 1 { layers[index].rightAbove = fromRight(layer, layers[index]) }
      layers[index].above = layers[index].here
      layers[index].here = [Memory?](repeating: nil, count: shape.width)
      layers[index].inputs = [Tensor?](repeating: nil, count: shape.width)
    }
    column = 0
    row += 1
  }

  /// The memory from the right of the row that is finished.
  private func fromRight(_ layer: MemoryLayer, _ rows: Layer) -> [Memory?] {
    var result = [Memory?](repeating: nil, count: shape.width)
    for column in (0..<shape.width).reversed() {
      result[column] = step(
        layer.directions[1], layer.units,
        gates: gates(layer.directions[1], rows.inputs, at: column),
        before: [held(rows.rightAbove, column), held(result, column + 1)], cell: 1)
    }
    return result
  }
}
