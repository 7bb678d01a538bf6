public import Tensors

/// What a pixel's place adds to its features, learnt: a vector for its row and one for its column.
///
/// A convolution knows where it is only as far as it sees the image's edge. Where places matter, as in centred
/// digits, that costs likelihood (Parmar et al. 2018, Image Transformer, section 3.1).
public struct PositionalEmbedding: Sendable {
  /// Float32 `[height, 1, channels]`.
  public let rows: Parameter
  /// Float32 `[1, width, channels]`.
  public let columns: Parameter

  /// Registers `rows` and `columns` under `scope`; zeros at first.
  public init(_ scope: Scope, height: Int, width: Int, channels: Int) {
    rows = scope.parameter("rows", [height, 1, channels], .constant(0))
    columns = scope.parameter("columns", [1, width, channels], .constant(0))
  }

  /// Float32 `[height, width, channels]`.
  public var table: Tensor { rows.value + columns.value }

  /// The table for each of some images, `[images, height, width, channels]`.
  public func callAsFunction(images: Int, _ type: ElementType) -> Tensor {
    let table = table
    return table.converted(to: type).broadcast(to: Shape([images] + table.shape.sizes))
  }
}
