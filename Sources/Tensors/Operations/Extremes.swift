import CKernels

/// The largest values along an axis, and the smooth version of them.
extension Tensor {
  /// The largest values along an axis; the gradient goes to the first of them.
  public func max(axis: Int, keepingAxis: Bool = false) -> Tensor {
    let (outer, size, inner) = split(at: axis)
    let result = Tensor(uninitialized: shape.reducing(axis, keepingAxis), elementType)
    // Places are 32-bit integers in the memory of a float tensor.
    let places = Tensor(uninitialized: result.shape)
    let placePointer = places.pointer.assumingMemoryBound(to: Int32.self)
    kernels_max(
      elementType.kernels, pointer, outer, size, inner, result.pointer, placePointer)
    return result.recorded(from: [self]) { [shape, elementType] gradient in
      let input = Tensor(uninitialized: shape, elementType)
      kernels_max_gradient(
        elementType.kernels, places.pointer.assumingMemoryBound(to: Int32.self), gradient.pointer,
        outer, size, inner, input.pointer)
      return [input]
    }
  }

  /// The smallest values along an axis; the gradient goes to the first of them.
  public func min(axis: Int, keepingAxis: Bool = false) -> Tensor {
    -(-self).max(axis: axis, keepingAxis: keepingAxis)
  }

  /// Where along the last axis the first of the largest values stands, row by row.
  public func argmax() -> [Int] {
    let (outer, size, inner) = split(at: -1)
    let largest = Tensor(uninitialized: [Int(outer)], elementType)
    let places = [Int32](unsafeUninitializedCapacity: Int(outer)) { buffer, filled in
      kernels_max(
        elementType.kernels, pointer, outer, size, inner, largest.pointer, buffer.baseAddress)
      filled = Int(outer)
    }
    return places.map(Int.init)
  }

  /// The logarithm of the sum of exponentials along an axis, shifted by the largest so that nothing
  /// overflows.
  ///
  /// - Parameter type: the result's element type; this tensor's own unless given.
  public func logSumExp(
    axis: Int, keepingAxis: Bool = false, as type: ElementType? = nil
  ) -> Tensor {
    let (outer, size, inner) = split(at: axis)
    let logSums = Tensor(uninitialized: shape.reducing(axis, keepingAxis))
    kernels_log_sum_exp(elementType.kernels, pointer, outer, size, inner, logSums.floats)
    let result = logSums.converted(to: type ?? elementType)
    return result.recorded(from: [self]) { [self] gradient in
      let input = Tensor(uninitialized: shape, elementType)
      let gradient = gradient.converted(to: .float32)
      withExtendedLifetime(gradient) {
        kernels_log_sum_exp_gradient(
          elementType.kernels, pointer, logSums.floats, gradient.floats, outer, size, inner,
          input.pointer)
      }
      return [input]
    }
  }

  /// The sizes before, along and after an axis.
  private func split(at axis: Int) -> (outer: Int64, size: Int64, inner: Int64) {
    let axis = shape.normalized(axis)
    let size = shape.sizes[axis]
    precondition(size > 0, "no largest value along axis \(axis) of \(shape)")
    let outer = shape.sizes[..<axis].reduce(1, *)
    let inner = shape.sizes[(axis + 1)...].reduce(1, *)
    return (Int64(outer), Int64(size), Int64(inner))
  }
}

extension Shape {
  fileprivate func reducing(_ axis: Int, _ keepingAxis: Bool) -> Shape {
    keepingAxis ? replacing(axis, with: 1) : removing(axis)
  }
}
