import Platform
public import Tensors

/// A one-channel pixel of few levels: a logit for each.
public struct CategoricalPixel: PixelDistribution {
  /// The number of levels.
  public let levels: Int
  /// A logit a level.
  public var parameterCount: Int { levels }
  /// One uniform number.
  public var drawsPerPixel: Int { 1 }

  /// A pixel of so many levels.
  public init(levels: Int) {
    self.levels = levels
  }

  /// log Σ exp(z) - z[x] for the logits z.
  public func negativeLogLikelihood(parameters: Tensor, levels: Tensor) -> Tensor {
    let shape = levels.shape.removing(-1)
    let indices = levels.withValues { $0.map { Int32($0) } }
    return parameters.reshaped(to: [shape.count, self.levels]).softmaxCrossEntropy(indices)
      .reshaped(to: shape)
  }

  /// The level at which the cumulative probability passes the uniform number.
  public func sample(
    parameters: UnsafeBufferPointer<Float>, uniforms: UnsafeBufferPointer<Float>,
    temperature: Float, levels: UnsafeMutableBufferPointer<Float>
  ) {
    levels[0] = Float(
      categoricalDraw(
        logits: parameters, uniform: uniforms[0], temperature: temperature))
  }

  /// Σ level · p(level).
  public func mean(
    parameters: UnsafeBufferPointer<Float>, levels: UnsafeMutableBufferPointer<Float>
  ) {
    let top = parameters.max() ?? 0
    var (total, sum): (Float, Float) = (0, 0)
    for (level, logit) in parameters.enumerated() {
      let weight = expf(logit - top)
      total += weight
      sum += weight * Float(level)
    }
    levels[0] = sum / total
  }

  /// Σ level · p(level).
  public func means(parameters: Tensor) -> Tensor {
    let values = Tensor((0..<levels).map(Float.init), shape: [levels])
    return (parameters.softmax() * values).sum(axis: parameters.shape.rank - 1, keepingAxis: true)
  }
}
