import Layers
package import Tensors

extension RecurrentNetwork {
  /// What draws a pixel at a time: a step of every layer.
  public func outputStepper(
    labels: [Int?], orders: [PixelOrder], _ pass: Pass
  ) -> any PixelStepper {
    RecurrentStepper(self, labels: Tiles.padded(labels), pass)
  }
}

/// Draws the pixels of a recurrent network: each is one step of every layer.
package final class RecurrentStepper: PixelStepper {
  private let model: RecurrentNetwork
  private let labels: [Int?]
  private let type: ElementType
  private let places: Tensor?
  /// What each layer carries after the pixel before; after the present one once that is computed.
  private var memories: [RecurrentCell.Memory]
  private var history: PixelHistory
  private var pixel = 0
  private var isComputed = false

  init(_ model: RecurrentNetwork, labels: [Int?], _ pass: Pass) {
    self.model = model
    self.labels = labels
    type = pass.elementType
    places = model.places
    let start = RecurrentCell.Memory(
      model.configuration.cell, images: Tiles.size, units: model.configuration.hidden)
    memories = model.layers.map { _ in start }
    history = PixelHistory(model.shape)
  }

  package func nextParameters() -> Tensor {
    computeStates()
    return model.numbers(memories[memories.count - 1].state.converted(to: type))
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
    memories = memories.map { $0.copied(sources) }
  }

  private func computeStates() {
    guard !isComputed else { return }
    isComputed = true
    let first = model.firstInputs(
      seen.converted(to: type), places: places?.sliced(pixel..<pixel + 1, axis: 0), labels: labels)
    var inputs = first.reshaped(to: [Tiles.size, first.shape[2]])
    for (index, layer) in model.layers.enumerated() {
      if index > 0 { inputs = layer.inputs(memories[index - 1].state.converted(to: type)) }
      memories[index] = layer.step(inputs.converted(to: .float32), memories[index], type)
    }
  }

  /// The pixels that the step sees, `[tile, 1, seen]`, zeros before the first one.
  private var seen: Tensor {
    let pixels = history.pixels(model.distances.map { pixel >= $0 ? pixel - $0 : nil })
    return pixels.reshaped(to: [Tiles.size, 1, pixels.shape[1]])
  }
}
