import CKernels

/// Our own product of a few bfloat16 rows with large float32 weights, which oneDNN would take longer to pack than to use.
struct ThinProductKernel {
  private let shape: kernels_product

  /// The kernel for rows times weights `[columns, inner]` where transposed, else `[inner, columns]`, or nil where it does
  /// not serve them.
  init?(
    rows: Int, inner: Int, columns: Int, transposingWeights: Bool, _ elementType: ElementType
  ) {
    shape = kernels_product(
      rows: Int64(rows), inner: Int64(inner), columns: Int64(columns),
      transposed: transposingWeights, inner_keys: nil, column_keys: nil)
    let serves = withUnsafePointer(to: shape) { kernels_thin_product_serves($0) }
    guard elementType == .bfloat16, serves else { return nil }
  }

  /// Writes the product, of which no row depends on the others.
  ///
  /// - Parameter mask: which weights count; nil: all.
  func run(
    input: UnsafeRawPointer, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>? = nil,
    mask: LinearMask? = nil, result: UnsafeMutableRawPointer
  ) {
    guard let mask else {
      withUnsafePointer(to: shape) { kernels_thin_product($0, input, weights, bias, result) }
      return
    }
    let (inner, columns) =
      shape.transposed
      ? (mask.ranks, mask.reaches) : (mask.backwardReaches, mask.backwardRanks)
    precondition(inner.count == shape.inner && columns.count == shape.columns, "another mask")
    inner.withUnsafeBufferPointer { inner in
      columns.withUnsafeBufferPointer { columns in
        var masked = shape
        (masked.inner_keys, masked.column_keys) = (inner.baseAddress, columns.baseAddress)
        kernels_thin_product(&masked, input, weights, bias, result)
      }
    }
  }
}
