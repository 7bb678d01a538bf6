public import Tensors

/// Bijectors of images scale by scale (Dinh, Sohl-Dickstein and Bengio 2017, Density Estimation Using Real NVP, section 3.6): behind each but
/// the last, half of the channels are left as they are and the others go on.
///
/// The result is one row: what was left behind each scale, then what came to the end.
public struct MultiScale: Bijector {
  private let scales: [any Bijector]
  /// Height, width and channels of what each scale gives.
  private let sizes: [(height: Int, width: Int, channels: Int)]

  /// - Parameter scales: each with the size of what it gives; every channel count but the last is even.
  public init(_ scales: [(bijector: any Bijector, size: (height: Int, width: Int, channels: Int))])
  {
    precondition(!scales.isEmpty && scales.dropLast().allSatisfy { $0.size.channels % 2 == 0 })
    self.scales = scales.map(\.bijector)
    sizes = scales.map(\.size)
  }

  /// `[rows, height, width, channels]` to `[rows, values]`.
  public func forward(_ x: Tensor, condition: Tensor?, in type: ElementType) -> (
    Tensor, logDeterminants: Tensor
  ) {
    let rows = x.shape[0]
    var (present, sum) = (x, Tensor(repeating: 0, shape: [rows]))
    var left: [Tensor] = []
    for (index, scale) in scales.enumerated() {
      let (y, logDeterminants) = scale.forward(present, condition: condition, in: type)
      sum = sum + logDeterminants
      guard index < scales.count - 1 else {
        left.append(y.reshaped(to: [rows, y.count / rows]))
        break
      }
      let halves = y.split(into: 2, axis: 3)
      present = halves[0]
      left.append(halves[1].reshaped(to: [rows, halves[1].count / rows]))
    }
    return (.concatenated(left, axis: 1), sum)
  }

  /// `[rows, values]` to `[rows, height, width, channels]`.
  public func inverse(_ y: Tensor, condition: Tensor?, in type: ElementType) -> Tensor {
    let rows = y.shape[0]
    var end = y.shape[1]
    var present: Tensor?
    for (index, scale) in scales.enumerated().reversed() {
      let size = sizes[index]
      let isLast = index == scales.count - 1
      let channels = isLast ? size.channels : size.channels / 2
      let start = end - size.height * size.width * channels
      let part = y.sliced(start..<end, axis: 1)
        .reshaped(to: [rows, size.height, size.width, channels])
      let whole = present.map { .concatenated([$0, part], axis: 3) } ?? part
      present = scale.inverse(whole, condition: condition, in: type)
      end = start
    }
    guard let present, end == 0 else { preconditionFailure("\(y.shape) is not of these scales") }
    return present
  }
}
