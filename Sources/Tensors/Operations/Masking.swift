import CKernels

extension Tensor {
  /// These float32 weights with zeros where the mask is 0, unrecorded; kept with the weights' memory until it changes.
  func masked(by mask: Tensor) -> Tensor {
    precondition(mask.shape == shape, "a mask \(mask.shape) for weights \(shape)")
    let masked = buffer.masked(by: mask.buffer, at: byteOffset, mask.byteOffset) {
      Tensor.combined(KERNELS_KEEP, self, mask).buffer
    }
    return Tensor(shape: shape, elementType: elementType, buffer: masked)
  }
}
