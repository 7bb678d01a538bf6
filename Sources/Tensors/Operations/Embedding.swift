import CKernels

extension Tensor {
  /// The rows `indices` of a table `[rows, size]`, as `[indices.count, size]`.
  ///
  /// The gradient adds up what came to a row in the order of the indices: the same bits for any number of
  /// threads.
  public func embedded(_ indices: [Int32]) -> Tensor {
    precondition(shape.rank == 2, "a table has two axes, not \(shape)")
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < shape[0] }, "an index is no row of a table \(shape)")
    let (number, size) = (Int64(indices.count), Int64(shape[1]))
    let result = Tensor(uninitialized: [indices.count, shape[1]], elementType)
    kernels_embedding(elementType.kernels, pointer, indices, number, size, result.pointer)
    return result.recorded(from: [self]) { [shape, elementType] gradient in
      let table = Tensor(repeating: 0, shape: shape)
      kernels_embedding_gradient(
        elementType.kernels, gradient.pointer, indices, number, size, table.floats)
      return [table.converted(to: elementType)]
    }
  }

  /// The sum of the rows `indices` of a float32 table `[rows, size]`, a number a column.
  ///
  /// Computed on the calling thread, so that many sums can be had side by side. No gradient flows through it.
  public func summedRows(_ indices: [Int32]) -> [Double] {
    precondition(shape.rank == 2, "a table has two axes, not \(shape)")
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < shape[0] }, "an index is no row of a table \(shape)")
    return [Double](unsafeUninitializedCapacity: shape[1]) { sums, filled in
      kernels_embedding_sum(
        floats, indices, Int64(indices.count), Int64(shape[1]), sums.baseAddress)
      filled = shape[1]
    }
  }

  /// Rows of zeros with a 1 at each index: `[indices.count, classes]`.
  public static func oneHot(
    _ indices: [Int32], classes: Int, _ elementType: ElementType = .float32
  ) -> Tensor {
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < classes }, "an index is none of \(classes) classes")
    let result = Tensor(shape: [indices.count, classes]) { values in
      values.update(repeating: 0)
      for (row, index) in indices.enumerated() { values[row * classes + Int(index)] = 1 }
    }
    return result.converted(to: elementType)
  }
}
