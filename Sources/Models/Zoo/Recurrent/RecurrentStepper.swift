import Layers
package import Tensors

/// Draws the pixels of a recurrent network: each is one step of every layer.
package final class RecurrentStepper: PixelStepper {
  private let model: RecurrentNetwork
  private let labels: [Int?]
  private let type: ElementType
  private let places: Tensor
  /// A layer's state after the pixel before, `[tile, units]`; the present pixel's once that is computed.
  private var states: [Tensor]
  /// Scaled levels of the pixels so far, `tile * pixels * channels`.
  private var levels: [Float]
  private var pixel = 0
  private var isComputed = false

  init(_ model: RecurrentNetwork, labels: [Int?], _ pass: Pass) {
    self.model = model
    self.labels = labels
    type = pass.elementType
    places = model.places
    let start = Tensor(repeating: 0, shape: [Tiles.size, model.configuration.hidden])
    states = model.layers.map { _ in start }
    levels = [Float](repeating: 0, count: Tiles.size * model.shape.dimensionCount)
  }

  package func nextParameters() -> Tensor {
    computeStates()
    return model.numbers(states[states.count - 1].converted(to: type))
  }

  package func advance(_ pixelLevels: [Float]) {
    // A pixel whose parameters nobody asked for changes the states all the same.
    computeStates()
    let (shape, scaling) = (model.shape, LevelScaling(levels: model.shape.levels))
    for image in 0..<Tiles.size {
      for channel in 0..<shape.channels {
        levels[image * shape.dimensionCount + pixel * shape.channels + channel] =
          scaling(pixelLevels[image * shape.channels + channel])
      }
    }
    pixel += 1
    isComputed = false
  }

  package func copyImages(_ sources: [Int]) {
    let size = model.shape.dimensionCount
    for (image, source) in sources.enumerated() where image != source {
      for i in 0..<size { levels[image * size + i] = levels[source * size + i] }
    }
    states = states.map { $0.embedded(sources.map(Int32.init)) }
  }

  private func computeStates() {
    guard !isComputed else { return }
    isComputed = true
    let units = model.configuration.hidden
    var inputs = model.firstInputs(
      seen.converted(to: type), places: places.sliced(pixel..<pixel + 1, axis: 0), labels: labels
    ).reshaped(to: [Tiles.size, 3 * units])
    for (index, layer) in model.layers.enumerated() {
      if index > 0 { inputs = layer.inputs(states[index - 1].converted(to: type)) }
      states[index] = step(layer, inputs.converted(to: .float32), states[index])
    }
  }

  private func step(
    _ layer: RecurrentNetwork.Cell, _ inputs: Tensor, _ state: Tensor
  ) -> Tensor {
    let products = state.converted(to: type).linear(weights: layer.weights.value)
      .converted(to: .float32).split(into: 3, axis: 1)
    let sums = inputs.split(into: 3, axis: 1)
    let reset = (sums[0] + products[0]).sigmoid()
    let update = (sums[1] + products[1]).sigmoid()
    let new = (sums[2] + reset * (products[2] + layer.bias.value)).tanh()
    return new + update * (state - new)
  }

  /// The pixels that the step sees, `[tile, 1, seen]`, zeros before the first one.
  private var seen: Tensor {
    let (channels, size) = (model.shape.channels, model.shape.dimensionCount)
    return Tensor(shape: [Tiles.size, 1, model.distances.count * channels]) { buffer in
      var index = 0
      for image in 0..<Tiles.size {
        for distance in model.distances {
          for channel in 0..<channels {
            let place = pixel - distance
            buffer[index] = place < 0 ? 0 : levels[image * size + place * channels + channel]
            index += 1
          }
        }
      }
    }
  }
}
