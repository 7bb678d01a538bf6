public import Tensors

/// Recorded gradients against finite differences.
///
/// The operation's result is projected on a fixed random tensor, summed in float64, and differentiated by the
/// fourth-order central difference
/// `(8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / 12h`, both along one random direction and element by
/// element.
public struct GradientCheck {
  /// The step h: a power of two, so that adding it rounds little.
  public var step: Float = 1.0 / 64
  /// The largest error, relative to the largest gradient of an input.
  public var tolerance: Float = 2e-3
  /// Elements of an input that are tried one by one, evenly spread.
  public var elements = 48

  /// A check with the usual step and tolerance.
  public init() {}

  /// A sentence for every gradient that differs; none where all agree.
  ///
  /// - Parameter inputs: float32 values, at least two steps away from kinks.
  public func failures(
    of inputs: [Tensor], _ operation: ([Tensor]) -> Tensor
  ) -> [String] {
    let plain = operation(inputs)
    let weights = RandomSource(seed: 77, purpose: .testing, index: 1).normal(plain.shape)
    let variables = inputs.map(\.variable)
    let (_, gradients) = valueAndGradients(of: variables) {
      (operation(variables).converted(to: .float32) * weights).sum()
    }
    let projection = weights.values.map(Double.init)
    func project(_ inputs: [Tensor]) -> Double {
      zip(operation(inputs).values, projection).reduce(0) { $0 + Double($1.0) * $1.1 }
    }
    return inputs.indices.flatMap { number -> [String] in
      guard let gradient = gradients[number] else { return ["input \(number) has no gradient"] }
      guard gradient.shape == inputs[number].shape else {
        return ["the gradient of input \(number) has the shape \(gradient.shape)"]
      }
      return failures(inputs, number, gradient.values, project)
    }
  }

  private func failures(
    _ inputs: [Tensor], _ number: Int, _ gradient: [Float], _ project: ([Tensor]) -> Double
  ) -> [String] {
    let values = inputs[number].values
    var moved = inputs
    func slope(_ direction: [Float]) -> Double {
      func value(_ steps: Float) -> Double {
        moved[number] = Tensor(
          zip(values, direction).map { $0 + steps * step * $1 }, shape: inputs[number].shape)
        return project(moved)
      }
      return (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * Double(step))
    }
    let largest = gradient.reduce(Float(1e-3)) { max($0, abs($1)) }
    var found: [String] = []
    func compare(_ what: String, _ expected: Double, _ recorded: Double, scale: Double) {
      if !(abs(expected - recorded) <= Double(tolerance) * scale) {
        found.append("\(what) of input \(number) is \(recorded), by differences \(expected)")
      }
    }
    let direction = RandomSource(seed: 78, purpose: .testing, index: UInt64(number))
      .uniforms(values.count).map { 2 * $0 - 1 }
    let along = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    compare(
      "the slope along a direction", slope(direction), along,
      scale: Double(largest) * Double(values.count).squareRoot())
    let stride = max(1, values.count / elements)
    for place in Swift.stride(from: 0, to: values.count, by: stride) {
      var unit = [Float](repeating: 0, count: values.count)
      unit[place] = 1
      compare("element \(place)", slope(unit), Double(gradient[place]), scale: Double(largest))
    }
    return found
  }
}
