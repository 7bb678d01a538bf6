/// The gradient of a linear map's weights as what it is a product of: leftᵀ right, of no higher rank than there are rows.
struct LowRankGradient: Sendable {
  /// The gradient of the map's output, `[rows, outputs]`.
  let left: Tensor
  /// The map's input, `[rows, inputs]`, of the same type.
  let right: Tensor
  /// Which weights have a gradient; nil: all.
  let mask: LinearMask?

  /// Whether it takes less memory than the matrix, and that one is large enough for this to matter.
  var isWorthKeeping: Bool {
    let (rows, outputs, inputs) = (left.shape[0], left.shape[1], right.shape[1])
    return outputs * inputs >= 1 << 14 && rows * (outputs + inputs) < outputs * inputs
  }

  /// The float32 matrix `[outputs, inputs]`.
  ///
  /// Threads share its longer side and each computes whole elements: a library that shares a product among threads by itself
  /// may cut the sum over the rows in two, and the result would depend on how many there are.
  var value: Tensor {
    let (outputs, inputs) = (left.shape[1], right.shape[1])
    let result = Tensor(uninitialized: [outputs, inputs])
    let (longer, shorter) = (max(outputs, inputs), min(outputs, inputs))
    let size = max(64, ((1 << 17) / shorter + 63) / 64 * 64)
    ThreadPool.forEach((longer + size - 1) / size) { piece in
      let range = piece * size..<min(longer, (piece + 1) * size)
      if outputs >= inputs {
        write(outputs: range, inputs: 0..<inputs, of: result)
      } else {
        write(outputs: 0..<outputs, inputs: range, of: result)
      }
    }
    return result
  }

  private func write(outputs: Range<Int>, inputs: Range<Int>, of result: Tensor) {
    let type = left.elementType
    var key = ProductShape(
      rows: outputs.count, columns: inputs.count, inner: left.shape[0], aType: type, bType: type,
      cType: .float32)
    key.transposeA = true
    (key.aStride, key.bStride, key.cStride) = (left.shape[1], right.shape[1], right.shape[1])
    PlanCache.withPlan(.product(key)) { plan in
      plan.run(
        source: left.pointer + outputs.lowerBound * type.byteCount,
        weights: right.pointer + inputs.lowerBound * type.byteCount,
        destination: result.floats + outputs.lowerBound * right.shape[1] + inputs.lowerBound)
    }
    mask?.apply(outputs: outputs, inputs: inputs, of: result.floats)
  }

  /// The sum of gradients of one shape and mask as a single one: their rows below each other.
  static func sum(_ gradients: [LowRankGradient]) -> LowRankGradient {
    LowRankGradient(
      left: .concatenated(gradients.map(\.left), axis: 0),
      right: .concatenated(gradients.map(\.right), axis: 0), mask: gradients[0].mask)
  }
}

/// What a part of a batch adds to a variable's gradient: a tensor, products that nobody has computed yet, or both.
///
/// The gradient of a dense layer's weights is as large as they are, and that for every part of a batch. As products of a few
/// dozen rows all parts' gradients are computed at once.
package struct GradientPart: Sendable {
  private let sum: Tensor?
  private let products: [LowRankGradient]

  /// A tensor, if any, and nothing else; nil means zero.
  package init(_ sum: Tensor?) {
    self.init(sum: sum, products: [])
  }

  init(sum: Tensor?, products: [LowRankGradient]) {
    self.sum = sum
    self.products = products
  }

  /// The whole of it; nil means zero.
  var value: Tensor? {
    products.reduce(sum) { sum, product in sum?.accumulating(product.value) ?? product.value }
  }

  /// Tensors that add up to the sum of these parts, in their order.
  package static func tensors(_ parts: [GradientPart]) -> [Tensor] {
    let products = parts.flatMap(\.products)
    guard products.count > 1, parts.allSatisfy({ $0.sum == nil }),
      Set(products.map(\.left.elementType)).count == 1,
      Set(products.map(\.mask?.identifier)).count == 1
    else { return parts.compactMap(\.value) }
    return [LowRankGradient.sum(products).value]
  }
}
