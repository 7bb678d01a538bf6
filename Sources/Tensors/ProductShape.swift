import COneDNN

/// Every size of one matrix product `c = a b`.
package struct ProductShape: Hashable, Sendable {
  package var rows: Int, columns: Int, inner: Int
  /// Elements between stored rows; 0 for dense.
  package var aStride = 0, bStride = 0, cStride = 0
  package var transposeA = false, transposeB = false
  package var aType: ElementType, bType: ElementType, cType: ElementType
  package var accumulate = false, bias = false, packed = false

  package init(
    rows: Int, columns: Int, inner: Int, aType: ElementType, bType: ElementType, cType: ElementType
  ) {
    self.rows = rows
    self.columns = columns
    self.inner = inner
    self.aType = aType
    self.bType = bType
    self.cType = cType
  }

  var native: onednn_product {
    onednn_product(
      rows: Int64(rows), columns: Int64(columns), inner: Int64(inner), a_stride: Int64(aStride),
      b_stride: Int64(bStride), c_stride: Int64(cStride), transpose_a: transposeA,
      transpose_b: transposeB, a_type: aType.oneDNN, b_type: bType.oneDNN, c_type: cType.oneDNN,
      accumulate: accumulate, bias: bias, packed: packed)
  }
}
