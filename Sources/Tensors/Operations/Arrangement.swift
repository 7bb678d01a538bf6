import CKernels

/// Other orders of the same elements.
extension Tensor {
  /// The tensor whose axis i is this one's axis `order[i]`.
  public func permuted(_ order: [Int]) -> Tensor {
    let axes = order.map(shape.normalized)
    precondition(axes.sorted() == Array(shape.sizes.indices), "\(order) does not permute \(shape)")
    if axes == Array(shape.sizes.indices) { return self }
    let strides = shape.strides
    let result = Tensor(uninitialized: Shape(axes.map { shape.sizes[$0] }), elementType)
    kernels_gather(
      view(sizes: result.shape.sizes, strides: axes.map { strides[$0] }), elementType.kernels,
      result.pointer, Int64(count))
    return result.recorded(from: [self]) { gradient in
      [gradient.permuted(axes.indices.sorted { axes[$0] < axes[$1] })]
    }
  }

  /// The tensor with two axes exchanged; the last two unless told.
  public func transposed(_ first: Int = -2, _ second: Int = -1) -> Tensor {
    var order = Array(shape.sizes.indices)
    order.swapAt(shape.normalized(first), shape.normalized(second))
    return permuted(order)
  }

  /// The tensor with the order along an axis turned round.
  public func flipped(axis: Int) -> Tensor {
    let axis = shape.normalized(axis)
    if shape[axis] < 2 { return self }
    var strides = shape.strides
    let offset = (shape[axis] - 1) * strides[axis]
    strides[axis] = -strides[axis]
    let result = Tensor(uninitialized: shape, elementType)
    kernels_gather(
      view(sizes: shape.sizes, strides: strides, offset: offset), elementType.kernels,
      result.pointer, Int64(count))
    return result.recorded(from: [self]) { [$0.flipped(axis: axis)] }
  }
}
