import Layers
package import Tensors

extension NeuralAutoregressiveEstimator {
  /// What draws a pixel at a time: the share of the full pass that the pixel takes.
  public func outputStepper(
    labels: [Int?], orders: [PixelOrder], _ pass: Pass
  ) -> any PixelStepper {
    NadeStepper(
      self, labels: Tiles.padded(labels))
  }
}

/// Draws the pixels of a NADE, whose units carry all that is known of an image so far.
package final class NadeStepper: PixelStepper {
  private let model: NeuralAutoregressiveEstimator
  /// What outputs begin with, `[tile or 1, pixels, outputs]`.
  private let outputs: Tensor
  /// `[tile, hidden]`, before the sigmoid.
  private var sums: Tensor
  private var pixel = 0

  init(_ model: NeuralAutoregressiveEstimator, labels: [Int?]) {
    self.model = model
    (sums, outputs) = model.beginnings(labels: labels)
  }

  package func nextParameters() -> Tensor {
    let range = pixel..<pixel + 1
    let width = model.distribution.parameterCount
    let weights = model.outputWeights.value.sliced(range, axis: 0)
      .reshaped(to: [width, model.configuration.hidden])
    return sums.sigmoid().linear(weights: weights)
      + outputs.sliced(range, axis: 1).reshaped(to: [outputs.shape[0], width])
  }

  package func advance(_ levels: [Float]) {
    let scaling = LevelScaling(levels: model.shape.levels)
    let channels = model.shape.channels
    let values = Tensor(levels.map { scaling($0) }, shape: [Tiles.size, channels])
    let weights = model.inputWeights.value.sliced(pixel..<pixel + 1, axis: 0)
      .reshaped(to: [channels, model.configuration.hidden])
    sums = sums + values.multiplied(by: weights)
    pixel += 1
  }

  package func copyImages(_ sources: [Int]) {
    sums = sums.embedded(sources.map(Int32.init))
  }
}
