/// What a plan computes, for profiles.
extension PlanKey {
  /// Operation, sizes and type in words.
  var title: String {
    switch self {
    case .forward(let shape, let type, _, let accumulate):
      "convolution\(accumulate ? " and sum" : ""), \(shape.title), \(type)"
    case .backwardData(let shape, let type): "convolution's input gradient, \(shape.title), \(type)"
    case .backwardWeights(let shape, let type, _):
      "convolution's weight gradient, \(shape.title), \(type)"
    case .product(let shape):
      "product\(shape.accumulate ? " and sum" : ""), \(shape.rows)x\(shape.inner)x\(shape.columns), "
        + "\(shape.aType)"
    }
  }

  /// The least that one run has to read, write and compute.
  var cost: (bytes: Int, floatingPointOperations: Int) {
    switch self {
    case .forward(let shape, let type, _, let accumulate):
      shape.cost(activations: type, weights: type, outputPasses: accumulate ? 2 : 1)
    case .backwardData(let shape, let type):
      shape.cost(activations: type, weights: type, outputPasses: 1)
    case .backwardWeights(let shape, let type, _):
      shape.cost(activations: type, weights: .float32, outputPasses: 1)
    case .product(let shape):
      (
        shape.rows * shape.inner * shape.aType.byteCount
          + shape.inner * shape.columns * shape.bType.byteCount
          + shape.rows * shape.columns * shape.cType.byteCount * (shape.accumulate ? 2 : 1),
        2 * shape.rows * shape.inner * shape.columns
      )
    }
  }
}

extension ConvolutionShape {
  fileprivate var title: String {
    "\(batch)x\(inputHeight)x\(inputWidth)x\(inputChannels) to \(outputHeight)x\(outputWidth)x\(outputChannels), "
      + "\(kernelHeight)x\(kernelWidth) taps"
  }

  fileprivate func cost(
    activations: ElementType, weights: ElementType, outputPasses: Int
  ) -> (bytes: Int, floatingPointOperations: Int) {
    let read = inputShape.count + outputPasses * outputShape.count
    return (
      read * activations.byteCount + weightsShape.count * weights.byteCount,
      2 * outputShape.count * inputChannels * kernelHeight * kernelWidth
    )
  }
}
