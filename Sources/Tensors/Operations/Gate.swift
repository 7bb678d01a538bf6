import CKernels

extension Tensor {
  /// The gated activation tanh(a + c_a) * sigmoid(b + c_b) of van den Oord and others 2016,
  /// equation 2.
  ///
  /// - Parameters:
  ///   - condition: float32 `[batch, 2 * channels]`, one row for every image, or nil.
  ///   - addend: a tensor of the result's shape that is added to it, as a residual connection does.
  /// - Returns: `[batch, ..., channels]` for self `[batch, ..., 2 * channels]`.
  public func gated(condition: Tensor? = nil, adding addend: Tensor? = nil) -> Tensor {
    let channels = shape[-1] / 2
    precondition(shape[-1] == 2 * channels, "a gate halves its channels: \(shape)")
    let rows = count / shape[-1]
    let groups = condition?.shape[0] ?? 1
    precondition(condition.map { $0.count == groups * shape[-1] && rows % groups == 0 } ?? true)
    let result = Tensor(uninitialized: shape.replacing(-1, with: channels), elementType)
    precondition(
      addend.map { $0.shape == result.shape && $0.elementType == elementType } ?? true)
    kernels_gate_forward(
      elementType.kernels, pointer, Int64(shape[-1]), condition?.floats, addend?.pointer,
      result.pointer, Int64(rows), Int64(rows / groups), Int64(channels))
    let inputs = [self] + [condition, addend].compactMap { $0 }
    let ofCondition = condition?.isRecorded ?? false
    let needsInput = isRecorded || ofCondition
    return result.recorded(from: inputs) { [self] gradient in
      guard needsInput else {
        return inputs.indices.map { $0 == inputs.count - 1 ? gradient : nil }
      }
      let input = Tensor(uninitialized: shape, elementType)
      kernels_gate_backward(
        elementType.kernels, pointer, condition?.floats, gradient.pointer, input.pointer,
        Int64(rows), Int64(rows / groups), Int64(channels))
      let ofAddend = addend == nil ? [] : [gradient]
      if condition == nil { return [input] + ofAddend }
      let perGroup = input.reshaped(to: [groups, rows / groups, 2 * channels])
      return [input, ofCondition ? perGroup.sum(axis: 1, as: .float32) : nil] + ofAddend
    }
  }
}
