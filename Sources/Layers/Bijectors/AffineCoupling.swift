public import Tensors

/// An affine coupling of images (Dinh, Sohl-Dickstein and Bengio 2017, Density Estimation Using Real NVP, sections 3.2 to 3.4): the values
/// that a mask leaves free are scaled and shifted by what a residual network makes of those that it holds, y = b x + (1 - b) (x exp s + t).
///
/// The determinant is exp Σ (1 - b) s. Scales are bounded: s = c tanh of the network's, with c learnt for each channel.
public struct AffineCoupling: Bijector {
  /// Which values are held.
  public enum Mask: Sendable {
    /// Those of every second pixel, as on a chequerboard, or the others.
    case checkerboard(holdsFirst: Bool)
    /// Those of the first half of the channels, or the others.
    case channels(holdsFirst: Bool)

    /// 1 where a value is held, float32 `[1, height, width, channels]`.
    func held(height: Int, width: Int, channels: Int) -> Tensor {
      Tensor(shape: [1, height, width, channels]) { buffer in
        for place in buffer.indices {
          let (pixel, channel) = place.quotientAndRemainder(dividingBy: channels)
          let isHeld =
            switch self {
            case .checkerboard(let first): ((pixel / width + pixel % width) % 2 == 0) == first
            case .channels(let first): (channel < channels / 2) == first
            }
          buffer[place] = isHeld ? 1 : 0
        }
      }
    }
  }

  private let held: Tensor, free: Tensor
  private let entry: Convolution
  private let fromCondition: Linear?
  private let blocks: [ResidualBlock]
  private let exit: Convolution
  private let bound: Parameter

  /// Registers the network under `scope`.
  ///
  /// - Parameters:
  ///   - size: height, width and channels of the images.
  ///   - condition: values that the network is given besides; 0 for none.
  ///   - features: of the network's convolutions.
  ///   - blocks: residual blocks.
  public init(
    _ scope: Scope, _ mask: Mask, size: (height: Int, width: Int, channels: Int), condition: Int,
    features: Int, blocks: Int
  ) {
    held = mask.held(height: size.height, width: size.width, channels: size.channels)
    free = 1 - held
    entry = Convolution(scope / "entry", size.channels, features, kernel: (3, 3))
    fromCondition =
      condition > 0 ? Linear(scope / "condition", condition, features, bias: false) : nil
    self.blocks = (0..<blocks).map { ResidualBlock(scope / "block\($0)", channels: features) }
    // Close to the identity at first.
    exit = Convolution(scope / "exit", features, 2 * size.channels, kernel: (3, 3), gain: 0.1)
    bound = scope.parameter("bound", [size.channels], .constant(1))
  }

  /// s and t, zeros where values are held, float32.
  ///
  /// The last convolution is always float32: where values spread little, a shift that is rounded to bfloat16 is off by more than they do.
  private func network(_ seen: Tensor, condition: Tensor?, in type: ElementType) -> (
    logScale: Tensor, shift: Tensor
  ) {
    var features = entry(seen.converted(to: type))
    if let fromCondition {
      guard let condition else { preconditionFailure("the coupling has a condition") }
      let shift = fromCondition(condition.converted(to: type))
      features = features + shift.reshaped(to: [shift.shape[0], 1, 1, shift.shape[1]])
    }
    for block in blocks { features = block(features) }
    let numbers = exit(features.silu().converted(to: .float32)).split(into: 2, axis: 3)
    return (numbers[0].tanh() * bound.value * free, numbers[1] * free)
  }

  /// `[rows, height, width, channels]`.
  public func forward(_ x: Tensor, condition: Tensor?, in type: ElementType) -> (
    Tensor, logDeterminants: Tensor
  ) {
    let (logScale, shift) = network(x * held, condition: condition, in: type)
    return (x * logScale.exp() + shift, rowSums(logScale))
  }

  /// `[rows, height, width, channels]`.
  public func inverse(_ y: Tensor, condition: Tensor?, in type: ElementType) -> Tensor {
    let (logScale, shift) = network(y * held, condition: condition, in: type)
    return (y - shift) * (logScale * -1).exp()
  }
}
