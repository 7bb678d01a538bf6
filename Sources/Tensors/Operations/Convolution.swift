/// Two-dimensional convolutions (cross-correlations, as in every deep learning library) over NHWC images.
extension Tensor {
  /// Convolves images `[batch, height, width, input]` with float32 weights `[output, input, height, width]`.
  ///
  /// - Parameters:
  ///   - bias: float32 `[output]`, added to every pixel.
  ///   - addend: a tensor of the result's shape that is added to it, as a residual connection does; the product
  ///     accumulates onto it where nobody else holds it, else onto a copy.
  public func convolved(
    with weights: Tensor, bias: Tensor? = nil, geometry: ConvolutionGeometry = .init(),
    adding addend: consuming Tensor? = nil
  ) -> Tensor {
    let shape = ConvolutionShape(input: self.shape, weights: weights.shape, geometry: geometry)
    let addendNode = addend?.node
    let accumulates = addend != nil
    precondition(
      addend.map { $0.shape == shape.outputShape && $0.elementType == elementType } ?? true)
    let result = addend?.writable ?? Tensor(uninitialized: shape.outputShape, elementType)
    let key = PlanKey.forward(shape, elementType, bias: bias != nil, accumulate: accumulates)
    PlanCache.withPlan(key) { plan in
      plan.run(
        source: pointer, packing: weights, bias: bias?.floats,
        destination: result.pointer)
    }
    let inputs = [node, weights.node] + (bias.map { [$0.node] } ?? [])
    let (isRecorded, hasBias) = (isRecorded, bias != nil)
    // Weights and bias share a pass, which is the same whichever is wanted, to the bit.
    let input = weights.isRecorded || bias?.isRecorded ?? false ? detached : nil
    return result.recorded(fromNodes: inputs + (accumulates ? [addendNode] : [])) { gradient in
      let data = isRecorded ? gradient.backwardData(weights, shape) : nil
      let learned = input?.backwardWeights(gradient, shape, bias: hasBias)
      return [data, learned?.weights] + (hasBias ? [learned?.bias] : [])
        + (accumulates ? [gradient] : [])
    }
  }

  /// The transposed convolution: the gradient of a convolution with these weights, as an operation of its own.
  ///
  /// - Parameters:
  ///   - weights: float32 `[input, output, height, width]`, as PyTorch stores them.
  ///   - outputSize: the result's height and width; by default the smallest that fits.
  public func transposedConvolved(
    with weights: Tensor, bias: Tensor? = nil, geometry: ConvolutionGeometry = .init(),
    outputSize: (height: Int, width: Int)? = nil
  ) -> Tensor {
    precondition(shape.rank == 4 && shape[3] == weights.shape[0], "\(shape) and \(weights.shape)")
    let size =
      outputSize ?? (
        (shape[1] - 1) * geometry.strideHeight + (weights.shape[2] - 1) * geometry.dilationHeight
          + 1 - geometry.top - geometry.bottom,
        (shape[2] - 1) * geometry.strideWidth + (weights.shape[3] - 1) * geometry.dilationWidth
          + 1 - geometry.left - geometry.right
      )
    // Seen from the plain convolution, this input is its output.
    let plain = ConvolutionShape(
      batch: shape[0], input: size, output: (shape[1], shape[2]), weights: weights.shape,
      geometry: geometry)
    let isRecorded = isRecorded
    let input = weights.isRecorded ? detached : nil
    let result = backwardData(weights, plain).recorded(from: [self, weights]) { gradient in
      let data = isRecorded ? gradient.convolved(with: weights, geometry: geometry) : nil
      let learned = input.map { gradient.backwardWeights($0, plain, bias: false).weights }
      return [data, learned]
    }
    guard let bias else { return result }
    return result + bias
  }

  /// The gradient of a convolution's input; self is the gradient of its output.
  private func backwardData(_ weights: Tensor, _ shape: ConvolutionShape) -> Tensor {
    let result = Tensor(uninitialized: shape.inputShape, elementType)
    PlanCache.withPlan(.backwardData(shape, elementType)) { plan in
      plan.run(
        source: pointer, packing: weights, destination: result.pointer)
    }
    return result
  }

  /// The float32 gradients of a convolution's weights and bias; self is its input.
  private func backwardWeights(
    _ gradient: Tensor, _ shape: ConvolutionShape, bias: Bool
  ) -> (weights: Tensor, bias: Tensor?) {
    let ofWeights = Tensor(uninitialized: shape.weightsShape)
    let ofBias = bias ? Tensor(uninitialized: [shape.outputChannels]) : nil
    if let kernel = shape.weightGradientKernel(elementType) {
      kernel.run(
        input: pointer, gradient: gradient.pointer, weights: ofWeights.floats, bias: ofBias?.floats)
      return (ofWeights, ofBias)
    }
    PlanCache.withPlan(.backwardWeights(shape, elementType, bias: bias)) { plan in
      plan.run(
        source: pointer, weights: gradient.pointer, bias: ofBias?.floats,
        destination: ofWeights.pointer)
    }
    return (ofWeights, ofBias)
  }
}
