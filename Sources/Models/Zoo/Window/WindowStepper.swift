package import Tensors

/// Draws the pixels of a window model: what is known of an image so far is its levels alone.
package final class WindowStepper: PixelStepper {
  private let network: (Int, PixelHistory) -> Tensor
  private var history: PixelHistory
  private var pixel = 0

  /// - Parameter network: the numbers of a pixel of a tile, from its place and what is known.
  init(shape: ImageShape, _ network: @escaping (Int, PixelHistory) -> Tensor) {
    self.network = network
    history = PixelHistory(shape)
  }

  package func nextParameters() -> Tensor { network(pixel, history) }

  package func advance(_ levels: [Float]) {
    history.set(pixel, levels)
    pixel += 1
  }

  package func copyImages(_ sources: [Int]) { history.copyImages(sources) }
}
