/// The linear layer's product.
extension Tensor {
  /// The linear map `x Wᵀ + b` of the last axis, `[..., input]` to `[..., output]`.
  ///
  /// - Parameters:
  ///   - weights: float32 `[output, input]`.
  ///   - bias: float32 `[output]`.
  ///   - mask: which inputs an output sees; nil: all.
  public func linear(weights: Tensor, bias: Tensor? = nil, mask: LinearMask? = nil) -> Tensor {
    precondition(
      weights.shape.rank == 2 && shape[-1] == weights.shape[1], "\(shape), \(weights.shape)")
    let (inputs, outputs) = (weights.shape[1], weights.shape[0])
    let rows = count / inputs
    let result = timesWeights(
      weights, bias: bias, mask: mask, rows: rows, inner: inputs, columns: outputs,
      transposed: true, areLearned: weights.isLearned
    ).reshaped(to: shape.replacing(-1, with: outputs))
    let inputsOf = [node, weights.node] + (bias.map { [$0.node] } ?? [])
    let input = detached.reshaped(to: [rows, inputs])
    let product: RecordedOperation.Product? =
      weights.isRecorded
      ? (
        1,
        {
          LowRankGradient(
            left: $0.reshaped(to: [rows, outputs]).detached, right: input, mask: mask)
        }
      )
      : nil
    let (isRecorded, ofBias) = (isRecorded, bias?.isRecorded ?? false)
    return result.recorded(fromNodes: inputsOf, product: product) { [shape] gradient in
      let flat = gradient.reshaped(to: [rows, outputs])
      let ofSelf =
        !isRecorded
        ? nil
        : flat.timesWeights(
          weights, mask: mask, rows: rows, inner: outputs, columns: inputs, transposed: false,
          areLearned: true
        ).reshaped(to: shape)
      return [ofSelf, nil, ofBias ? flat.sum(axis: 0, as: .float32) : nil]
    }
  }

  /// The linear map `x W` of the last axis, backwards through the weights of `linear`: `[..., output]` to `[..., input]`.
  ///
  /// No gradient flows through it.
  ///
  /// - Parameter weights: float32 `[output, input]`; those that stay are packed once.
  public func linearBackwards(weights: Tensor) -> Tensor {
    precondition(
      weights.shape.rank == 2 && shape[-1] == weights.shape[0], "\(shape), \(weights.shape)")
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    return timesWeights(
      weights, rows: count / outputs, inner: outputs, columns: inputs, transposed: false,
      areLearned: false
    ).reshaped(to: shape.replacing(-1, with: inputs))
  }

  /// The unrecorded product `[rows, columns]` of this tensor's rows and float32 weights, `[columns, inner]` where transposed,
  /// else `[inner, columns]`.
  private func timesWeights(
    _ weights: Tensor, bias: Tensor? = nil, mask: LinearMask? = nil, rows: Int, inner: Int,
    columns: Int, transposed: Bool, areLearned: Bool
  ) -> Tensor {
    let result = Tensor(uninitialized: [rows, columns], elementType)
    // Weights that stay are packed once; and what is scored or drawn must not depend on the number of rows.
    if areLearned,
      let kernel = ThinProductKernel(
        rows: rows, inner: inner, columns: columns, transposingWeights: transposed, elementType)
    {
      kernel.run(
        input: pointer, weights: weights.floats, bias: bias?.floats, mask: mask,
        result: result.pointer)
      return result
    }
    var key = ProductShape(
      rows: rows, columns: columns, inner: inner, aType: elementType, bType: elementType,
      cType: elementType)
    key.transposeB = transposed
    key.packed = true
    key.bias = bias != nil
    PlanCache.withPlan(.product(key)) { plan in
      plan.run(
        source: pointer, packing: weights, mask: mask, bias: bias?.floats,
        destination: result.pointer)
    }
    return result
  }
}
