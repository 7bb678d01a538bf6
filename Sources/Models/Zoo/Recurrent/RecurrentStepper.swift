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
  private var history: PixelHistory
  private var pixel = 0
  private var isComputed = false

  init(_ model: RecurrentNetwork, labels: [Int?], _ pass: Pass) {
    self.model = model
    self.labels = labels
    type = pass.elementType
    places = model.places
    let start = Tensor(repeating: 0, shape: [Tiles.size, model.configuration.hidden])
    states = model.layers.map { _ in start }
    history = PixelHistory(model.shape)
  }

  package func nextParameters() -> Tensor {
    computeStates()
    return model.numbers(states[states.count - 1].converted(to: type))
  }

  package func advance(_ levels: [Float]) {
    // A pixel whose parameters nobody asked for changes the states all the same.
    computeStates()
    history.set(pixel, levels)
    pixel += 1
    isComputed = false
  }

  package func copyImages(_ sources: [Int]) {
    history.copyImages(sources)
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
    let pixels = history.pixels(model.distances.map { pixel >= $0 ? pixel - $0 : nil })
    return pixels.reshaped(to: [Tiles.size, 1, pixels.shape[1]])
  }
}
