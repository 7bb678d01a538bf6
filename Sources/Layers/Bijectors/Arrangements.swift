public import Tensors

/// The values of an image, row by row, as one row.
public struct Flattening: Bijector {
  private let row: [Int]

  /// - Parameter row: the shape of one row of x.
  public init(row: [Int]) { self.row = row }

  /// `[rows, ...]` to `[rows, values]`; no volume changes.
  public func forward(_ x: Tensor, condition: Tensor?, in type: ElementType) -> (
    Tensor, logDeterminants: Tensor
  ) {
    let rows = x.shape[0]
    return (
      x.reshaped(to: [rows, x.count / rows]), Tensor(repeating: 0, shape: [rows])
    )
  }

  /// `[rows, values]` to `[rows, ...]`.
  public func inverse(_ y: Tensor, condition: Tensor?, in type: ElementType) -> Tensor {
    y.reshaped(to: Shape([y.shape[0]] + row))
  }
}

/// Squares of two by two pixels as the channels of one (Dinh, Sohl-Dickstein and Bengio 2017, Density Estimation Using Real NVP,
/// section 3.6).
public struct Squeeze: Bijector {
  /// The map.
  public init() {}

  /// `[rows, height, width, channels]` to `[rows, height / 2, width / 2, 4 * channels]`; no volume changes.
  public func forward(_ x: Tensor, condition: Tensor?, in type: ElementType) -> (
    Tensor, logDeterminants: Tensor
  ) {
    let (rows, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    precondition(height % 2 == 0 && width % 2 == 0, "\(x.shape) has no squares of two by two")
    let y = x.reshaped(to: [rows, height / 2, 2, width / 2, 2, channels])
      .permuted([0, 1, 3, 2, 4, 5])
      .reshaped(to: [rows, height / 2, width / 2, 4 * channels])
    return (y, Tensor(repeating: 0, shape: [rows]))
  }

  /// The squares again.
  public func inverse(_ y: Tensor, condition: Tensor?, in type: ElementType) -> Tensor {
    let (rows, height, width, channels) = (y.shape[0], y.shape[1], y.shape[2], y.shape[3] / 4)
    return y.reshaped(to: [rows, height, width, 2, 2, channels])
      .permuted([0, 1, 3, 2, 4, 5])
      .reshaped(to: [rows, 2 * height, 2 * width, channels])
  }
}
