import Layers
import Tensors

/// How what is far off reaches a pixel of a convolutional network at its lowest resolution.
public enum GlobalContext: String, CaseIterable, Sendable {
  /// By convolutions alone.
  case none
  /// Every place hears every other, and pixels know their place.
  case mixing
}

/// `x + W₂ silu(W₁ x)` over the places of a small feature map, the same for every channel (Tolstikhin and others 2021,
/// MLP-Mixer, equation 1, without normalisation).
///
/// Convolutions take as many layers as the map is wide to carry what stands at one end of it to the other, and treat all
/// places alike.
struct PlaceMixing: Sendable {
  private let first: Linear
  private let second: Linear

  /// Registers `first` and `second` under `scope`.
  init(_ scope: Scope, places: Int) {
    first = Linear(scope / "first", places, 4 * places, gain: Float(2).squareRoot())
    second = Linear(scope / "second", 4 * places, places, gain: 0.3)
  }

  /// `[batch, height, width, channels]` to the same shape.
  func callAsFunction(_ x: Tensor) -> Tensor {
    let sizes = x.shape.sizes
    let rows = x.reshaped(to: [sizes[0], sizes[1] * sizes[2], sizes[3]]).transposed()
    return x + second(first(rows.silu()).silu()).transposed().reshaped(to: x.shape)
  }
}
