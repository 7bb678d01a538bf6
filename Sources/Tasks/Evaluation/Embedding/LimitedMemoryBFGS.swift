/// Minimises a smooth function by the limited-memory method of Broyden, Fletcher, Goldfarb and
/// Shanno (Nocedal and Wright 2006, algorithm 7.5), with a line search that halves its step until
/// the function falls enough.
struct LimitedMemoryBFGS {
  /// Pairs of steps and changes of the gradient that are remembered.
  var memory = 10
  /// Most steps.
  var mostSteps = 300
  /// Ends where no component of the gradient is larger.
  var tolerance = 1e-5

  private struct Pair {
    let step: [Double]
    let change: [Double]
    let product: Double
  }

  /// Where the function is least, sought from `start`.
  func minimum(
    from start: [Double], of function: ([Double]) -> (value: Double, gradient: [Double])
  ) -> [Double] {
    var point = start
    var (value, gradient) = function(point)
    var pairs: [Pair] = []
    for _ in 0..<mostSteps where gradient.contains(where: { abs($0) > tolerance }) {
      let direction = direction(gradient, pairs)
      let slope = Self.dot(direction, gradient)
      guard slope < 0 else { break }
      let length = Self.dot(gradient, gradient).squareRoot()
      var size = pairs.isEmpty ? min(1, 1 / length) : 1
      var next = (value: value, gradient: gradient)
      var nextPoint = point
      var hasFallen = false
      for _ in 0..<30 {
        nextPoint = zip(point, direction).map { $0 + size * $1 }
        next = function(nextPoint)
        hasFallen = next.value <= value + 1e-4 * size * slope
        if hasFallen { break }
        size /= 2
      }
      // What is left of the fall is below the precision of the function.
      guard hasFallen else { break }
      let fall = value - next.value
      remember(zip(nextPoint, point).map(-), zip(next.gradient, gradient).map(-), &pairs)
      (point, value, gradient) = (nextPoint, next.value, next.gradient)
      if fall <= 1e-9 * max(1, abs(value)) { break }
    }
    return point
  }

  private func remember(_ step: [Double], _ change: [Double], _ pairs: inout [Pair]) {
    let product = Self.dot(step, change)
    guard product > 1e-12 * Self.dot(change, change) else { return }
    pairs.append(Pair(step: step, change: change, product: product))
    if pairs.count > memory { pairs.removeFirst() }
  }

  /// The way down: minus the gradient, multiplied by the remembered curvature's inverse.
  private func direction(_ gradient: [Double], _ pairs: [Pair]) -> [Double] {
    var direction = gradient.map { -$0 }
    var factors: [Double] = []
    for pair in pairs.reversed() {
      let factor = Self.dot(pair.step, direction) / pair.product
      factors.append(factor)
      Self.add(-factor, pair.change, to: &direction)
    }
    if let last = pairs.last {
      let scale = last.product / Self.dot(last.change, last.change)
      for place in direction.indices { direction[place] *= scale }
    }
    for (pair, factor) in zip(pairs, factors.reversed()) {
      Self.add(
        factor - Self.dot(pair.change, direction) / pair.product, pair.step, to: &direction)
    }
    return direction
  }

  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for place in left.indices { sum += left[place] * right[place] }
    return sum
  }

  private static func add(_ factor: Double, _ other: [Double], to sum: inout [Double]) {
    for place in sum.indices { sum[place] += factor * other[place] }
  }
}
