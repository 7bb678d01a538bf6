import Layers
package import Tensors

/// The cached sampler of a gated causal network: a new pixel computes only what it changes.
///
/// The vertical stack is computed a row of pixels at a time, when the rows above are complete; the horizontal one a
/// pixel at a time. Both keep the features that later kernels will read. One full pass in all, spread over the
/// pixels, instead of one a pixel (Ramachandran et al. 2017, Fast Generation for Convolutional Autoregressive
/// Models).
package final class GatedStepper: PixelStepper {
  private let network: IncrementalGatedNetwork
  private let conditions: [GatedBlock.Conditions]
  private let shape: ImageShape
  private var column = 0

  /// - Parameter conditions: rows for a whole tile.
  init(
    _ network: GatedCausalNetwork, shape: ImageShape, conditions: [GatedBlock.Conditions],
    _ pass: Pass
  ) {
    self.network = IncrementalGatedNetwork(network, shape: shape, pass.elementType)
    self.conditions = conditions
    self.shape = shape
  }

  /// Begins new images, of which nothing is known yet.
  ///
  /// - Parameter maps: float32 `[tile, height, width, mapChannels]`, where the network has them.
  package func start(maps: Tensor) {
    column = 0
    network.start(maps: maps)
  }

  package func nextParameters() -> Tensor {
    network.computeFeatures(column: column, conditions: conditions)
    return network.output()
  }

  package func advance(_ levels: [Float]) {
    // A pixel whose parameters nobody asked for leaves its features behind all the same.
    network.computeFeatures(column: column, conditions: conditions)
    let scaling = LevelScaling(levels: shape.levels)
    network.setPixel(column: column, levels.map { scaling($0) })
    column += 1
    if column == shape.width {
      column = 0
      network.finishRow()
    }
  }

  package func copyImages(_ sources: [Int]) {
    network.copyImages(sources)
  }
}
