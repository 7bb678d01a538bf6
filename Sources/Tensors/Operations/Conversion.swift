import CKernels

extension Tensor {
  /// The same values in another element type; bfloat16 rounds to nearest, ties to even.
  public func converted(to type: ElementType) -> Tensor {
    guard type != elementType else { return self }
    let result = Tensor(uninitialized: shape, type)
    kernels_convert(elementType.kernels, pointer, type.kernels, result.pointer, Int64(count))
    let original = elementType
    return result.recorded(from: [self]) { [$0.converted(to: original)] }
  }

  /// The same values under another shape of as many elements.
  public func reshaped(to newShape: Shape) -> Tensor {
    precondition(newShape.count == count, "\(shape) has not as many elements as \(newShape)")
    let original = shape
    let result = Tensor(
      shape: newShape, elementType: elementType, buffer: buffer, byteOffset: byteOffset)
    return result.recorded(from: [self]) { [$0.reshaped(to: original)] }
  }
}
