/// An order in which an autoregressive model can take an image's pixels: raster order of the image
/// mirrored, turned upside down or transposed (Jain and others 2020, Locally Masked Convolution for
/// Autoregressive Models, section 3.3).
public struct PixelOrder: Hashable, Sendable, CustomStringConvertible {
  /// Columns before rows.
  public let isTransposed: Bool
  /// From the bottom row.
  public let isUpsideDown: Bool
  /// From the right column.
  public let isMirrored: Bool

  /// Row by row from the top left.
  public static let raster = PixelOrder(
    isTransposed: false, isUpsideDown: false, isMirrored: false)

  /// All eight; the first four end with the bottom, the top, the right and the left half of an image.
  public static let all: [PixelOrder] = [false, true].flatMap { second in
    [false, true].flatMap { transposed in
      [false, true].map { reversed in
        PixelOrder(
          isTransposed: transposed, isUpsideDown: transposed ? second : reversed,
          isMirrored: transposed ? reversed : second)
      }
    }
  }

  /// Such as `columns from the right`.
  public var description: String {
    let rows = isUpsideDown ? "bottom" : "top"
    let columns = isMirrored ? "right" : "left"
    return isTransposed
      ? "columns from the \(columns), each from the \(rows)"
      : "rows from the \(rows), each from the \(columns)"
  }

  /// The pixels, numbered in raster order, in the order in which they are taken.
  ///
  /// A transposed order is for square images only.
  public func pixels(height: Int, width: Int) -> [Int] {
    precondition(!isTransposed || height == width, "a transposed order of \(width)x\(height)")
    return (0..<height * width).map { place in
      let (first, second) = (place / width, place % width)
      let (row, column) = isTransposed ? (second, first) : (first, second)
      return (isUpsideDown ? height - 1 - row : row) * width
        + (isMirrored ? width - 1 - column : column)
    }
  }
}
