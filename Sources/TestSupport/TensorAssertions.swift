public import Tensors

/// Comparisons of tensors that say where and how far two of them differ.
public enum Comparison {
  /// Nil where both tensors agree, else a sentence about the worst element.
  ///
  /// Two values agree where they differ by at most `absolute + relative * |expected|`, or are both NaN.
  public static func difference(
    _ actual: Tensor, _ expected: Tensor, relative: Float = 1e-5, absolute: Float = 1e-6
  ) -> String? {
    guard actual.shape == expected.shape else {
      return "the shape is \(actual.shape), not \(expected.shape)"
    }
    return difference(
      actual.values, expected.values, relative: relative, absolute: absolute)
  }

  /// Nil where both arrays agree, else a sentence about the worst element.
  public static func difference(
    _ actual: [Float], _ expected: [Float], relative: Float = 1e-5, absolute: Float = 1e-6
  ) -> String? {
    guard actual.count == expected.count else {
      return "there are \(actual.count) values, not \(expected.count)"
    }
    var worst: (place: Int, excess: Float)?
    for (place, (mine, theirs)) in zip(actual, expected).enumerated() {
      if mine == theirs || (mine.isNaN && theirs.isNaN) { continue }
      let distance = abs(mine - theirs)
      let excess = distance.isNaN ? .infinity : distance / (absolute + relative * abs(theirs))
      if excess > max(1, worst?.excess ?? 0) { worst = (place, excess) }
    }
    return worst.map {
      "element \($0.place) is \(actual[$0.place]), not \(expected[$0.place]): \($0.excess) tolerances"
    }
  }

  /// Nil where both tensors agree relative to the largest magnitude of the expected one.
  public static func differenceByLargest(
    _ actual: Tensor, _ expected: Tensor, tolerance: Float
  ) -> String? {
    let largest = expected.values.reduce(Float(1e-6)) { max($0, abs($1)) }
    return difference(actual, expected, relative: 0, absolute: tolerance * largest)
  }
}
