import CKernels

/// Sums and means, accumulated in float32 over pieces whose sums are added in float64, in an order that does
/// not depend on the number of threads.
extension Tensor {
  /// The sum of all elements: a float32 scalar.
  public func sum() -> Tensor { reshaped(to: [count]).sum(axis: 0, as: .float32) }

  /// The mean of all elements: a float32 scalar.
  public func mean() -> Tensor { reshaped(to: [count]).mean(axis: 0, as: .float32) }

  /// The sum along an axis.
  ///
  /// - Parameters:
  ///   - keepingAxis: whether the axis stays, with size 1.
  ///   - type: the result's element type; this tensor's own unless given.
  public func sum(axis: Int, keepingAxis: Bool = false, as type: ElementType? = nil) -> Tensor {
    sum(axes: [axis], keepingAxes: keepingAxis, as: type)
  }

  /// The sum along several axes.
  public func sum(axes: [Int], keepingAxes: Bool = false, as type: ElementType? = nil) -> Tensor {
    total(axes: axes, keepingAxes: keepingAxes, type: type ?? elementType, scale: 1)
  }

  /// The mean along an axis.
  public func mean(axis: Int, keepingAxis: Bool = false, as type: ElementType? = nil) -> Tensor {
    mean(axes: [axis], keepingAxes: keepingAxis, as: type)
  }

  /// The mean along several axes.
  public func mean(axes: [Int], keepingAxes: Bool = false, as type: ElementType? = nil) -> Tensor {
    let divisor = Set(axes.map(shape.normalized)).reduce(1) { $0 * shape.sizes[$1] }
    return total(
      axes: axes, keepingAxes: keepingAxes, type: type ?? elementType, scale: 1 / Float(divisor))
  }

  /// The scaled sum along axes: neighbouring axes are one to the kernel.
  private func total(
    axes: [Int], keepingAxes: Bool, type: ElementType, scale: Float
  ) -> Tensor {
    let reduced = Set(axes.map(shape.normalized))
    let kept = Shape(shape.sizes.indices.map { reduced.contains($0) ? 1 : shape.sizes[$0] })
    var result = detached
    var end = shape.rank
    while let last = (0..<end).last(where: reduced.contains) {
      var first = last
      while first > 0 && reduced.contains(first - 1) { first -= 1 }
      let isFinal = !(0..<first).contains(where: reduced.contains)
      result = result.summedRun(
        outer: shape.sizes[..<first].reduce(1, *), size: shape.sizes[first...last].reduce(1, *),
        inner: kept.sizes[(last + 1)...].reduce(1, *), scale: isFinal ? scale : 1,
        type: isFinal ? type : .float32)
      end = first
    }
    if reduced.isEmpty { result = result.converted(to: type) }
    let remaining = shape.sizes.indices.filter { keepingAxes || !reduced.contains($0) }
    return result.reshaped(to: Shape(remaining.map { kept.sizes[$0] })).recorded(from: [self]) {
      [shape, elementType] gradient in
      var spread = gradient.reshaped(to: kept)
      if scale != 1 {
        spread = Tensor.combined(KERNELS_MULTIPLY, spread, Tensor(scale).converted(to: type))
      }
      return [spread.converted(to: elementType).broadcast(to: shape)]
    }
  }

  /// The sum along the middle of [outer, size, inner], as a flat tensor.
  private func summedRun(outer: Int, size: Int, inner: Int, scale: Float, type: ElementType)
    -> Tensor
  {
    let result = Tensor(uninitialized: [outer * inner], type)
    let needed = kernels_sum_scratch(Int64(outer), Int64(size), Int64(inner))
    let scratch = needed > 0 ? Tensor(uninitialized: [Int(needed)]) : nil
    kernels_sum(
      elementType.kernels, pointer, Int64(outer), Int64(size), Int64(inner), scale, type.kernels,
      result.pointer, scratch?.floats)
    return result
  }
}
