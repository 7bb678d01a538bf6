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

  /// - Parameters:
  ///   - conditions: rows for a full tile.
  ///   - images: those to be drawn; a tile of fewer rows is taken where they fit in and their bytes stay the same.
  init(
    _ network: GatedCausalNetwork, shape: ImageShape, conditions: [GatedBlock.Conditions],
    images: Int = Tiles.size, _ pass: Pass
  ) {
    func incremental(_ rows: Int) -> IncrementalGatedNetwork {
      IncrementalGatedNetwork(network, shape: shape, pass.elementType, images: rows)
    }
    let least = incremental(Tiles.rows(for: images))
    self.network =
      least.images == Tiles.size || least.equalsPartOfFullTile ? least : incremental(Tiles.size)
    self.conditions = conditions.map { [rows = self.network.images] in
      .init(vertical: $0.vertical?.firstRows(rows), horizontal: $0.horizontal?.firstRows(rows))
    }
    self.shape = shape
  }

  package var rows: Int { network.images }

  /// Begins new images, of which nothing is known yet.
  ///
  /// - Parameter maps: float32 `[tile, height, width, mapChannels]`, where the network has them.
  package func start(maps: Tensor) {
    column = 0
    network.start(maps: maps)
  }

  package func nextParameters() -> Tensor {
    network.computeFeatures(upTo: column, conditions: conditions)
    return network.output()
  }

  package func advance(_ levels: [Float]) {
    // Features of a pixel whose parameters nobody asks for are left until somebody asks in its row, if ever: of known rows
    // the vertical stack alone is needed. Attention needs all of them.
    if network.remembersFeatures { network.computeFeatures(upTo: column, conditions: conditions) }
    let scaling = LevelScaling(levels: shape.levels)
    network.setPixel(column: column, levels.map { scaling($0) })
    column += 1
    if column == shape.width {
      column = 0
      network.finishRow(conditions)
    }
  }

  package func copyImages(_ sources: [Int]) {
    network.copyImages(sources)
  }
}

extension Tensor {
  fileprivate func firstRows(_ count: Int) -> Tensor {
    count == shape[0] ? self : sliced(0..<count, axis: 0)
  }
}
