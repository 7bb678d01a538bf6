/// A product or a convolution with fixed weights, packed once, that runs many times on one thread.
package final class PackedProduct {
  private enum Extent {
    case product(ProductShape)
    case convolution(ConvolutionShape)
  }
  let key: PlanKey
  private let plan: Plan
  let weights: Tensor
  private let packed: Buffer
  let bias: Tensor?
  private let extent: Extent

  /// `c[rows, outputs] (+)= a[rows, inputs] Wᵀ + bias` with float32 `weights` `[outputs, inputs]`.
  package init(
    weights: Tensor, bias: Tensor?, rows: Int, sourceStride: Int, targetStride: Int,
    _ elementType: ElementType, accumulating: Bool = false
  ) {
    var shape = ProductShape(
      rows: rows, columns: weights.shape[0], inner: weights.shape[1], aType: elementType,
      bType: elementType, cType: elementType)
    shape.aStride = sourceStride
    shape.cStride = targetStride
    shape.transposeB = true
    shape.packed = true
    shape.accumulate = accumulating
    shape.bias = bias != nil
    extent = .product(shape)
    key = .product(shape)
    self.bias = bias
    self.weights = weights
    plan = PlanCache.take(key, threads: 1)
    packed = plan.pack(weights)
  }

  /// The convolution of `[batch, height, width, inputs]` with float32 `weights` `[outputs, inputs, kernel height,
  /// kernel width]`.
  package init(
    convolving input: Shape, weights: Tensor, bias: Tensor?, geometry: ConvolutionGeometry,
    _ elementType: ElementType, accumulating: Bool = false
  ) {
    let shape = ConvolutionShape(input: input, weights: weights.shape, geometry: geometry)
    extent = .convolution(shape)
    key = .forward(shape, elementType, bias: bias != nil, accumulate: accumulating)
    self.bias = bias
    self.weights = weights
    plan = PlanCache.take(key, threads: 1)
    packed = plan.pack(weights)
  }

  deinit {
    PlanCache.giveBack(plan, key, threads: 1)
  }

  /// Runs on these rows; strides are those of the initialiser.
  package func run(
    _ source: Slab, from sourcePlace: Int = 0, into target: Slab, at targetPlace: Int = 0
  ) {
    let from: UnsafeMutableRawPointer
    let to: UnsafeMutableRawPointer
    switch extent {
    case .product(let shape):
      from = source.pointer(
        at: sourcePlace, spanning: (shape.rows - 1) * shape.aStride + shape.inner)
      to = target.pointer(
        at: targetPlace, spanning: (shape.rows - 1) * shape.cStride + shape.columns)
    case .convolution(let shape):
      from = source.pointer(at: sourcePlace, spanning: shape.inputShape.count)
      to = target.pointer(at: targetPlace, spanning: shape.outputShape.count)
    }
    plan.run(source: from, weights: packed.pointer, bias: bias?.floats, destination: to)
  }
}
