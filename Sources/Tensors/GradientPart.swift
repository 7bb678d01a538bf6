/// The product leftᵀ right of two matrices: the gradient of a linear map's weights, from the gradient of its output and its
/// input, a row an image.
package struct OuterProduct: Sendable {
  /// `[rows, outputs]`.
  let left: Tensor
  /// `[rows, inputs]`, of the same type.
  let right: Tensor

  /// Whether it is small beside what it stands for: few rows.
  var isThin: Bool { left.shape[0] <= 64 }

  /// The float32 matrix `[outputs, inputs]`.
  var value: Tensor {
    left.multiplied(by: right, transposingSelf: true, resultType: .float32)
  }

  /// The sum of products of one shape as a single one: their rows below each other.
  static func sum(_ products: [OuterProduct]) -> OuterProduct {
    OuterProduct(
      left: .concatenated(products.map(\.left), axis: 0),
      right: .concatenated(products.map(\.right), axis: 0))
  }
}

/// What a part of a batch adds to a variable's gradient: a tensor, products that nobody has computed yet, or both.
///
/// The gradient of a dense layer's weights is as large as they are, and that for every part of a batch. As products of a few
/// dozen rows all parts' gradients are computed at once.
package struct GradientPart: Sendable {
  /// The tensor, if any.
  package let sum: Tensor?
  let products: [OuterProduct]

  /// A tensor, if any, and nothing else.
  package init(_ sum: Tensor?) {
    self.init(sum: sum, products: [])
  }

  init(sum: Tensor?, products: [OuterProduct]) {
    self.sum = sum
    self.products = products
  }

  /// The whole of it; nil means zero.
  package var value: Tensor? {
    products.reduce(sum) { sum, product in sum?.accumulating(product.value) ?? product.value }
  }

  /// Tensors that add up to the sum of these parts, in their order.
  package static func tensors(_ parts: [GradientPart]) -> [Tensor] {
    let products = parts.flatMap(\.products)
    guard products.count > 1, parts.allSatisfy({ $0.sum == nil }),
      Set(products.map(\.left.elementType)).count == 1
    else { return parts.compactMap(\.value) }
    return [OuterProduct.sum(products).value]
  }
}
