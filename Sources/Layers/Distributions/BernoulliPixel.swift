import Platform
public import Tensors

/// A binary pixel: the one parameter is the log-odds of level 1.
public struct BernoulliPixel: PixelDistribution {
  /// The log-odds.
  public var parameterCount: Int { 1 }
  /// One uniform number.
  public var drawsPerPixel: Int { 1 }

  /// A binary, one-channel pixel.
  public init() {}

  /// softplus(z) - x z for the log-odds z.
  public func negativeLogLikelihood(parameters: Tensor, levels: Tensor) -> Tensor {
    let loss = parameters.sigmoidCrossEntropy(levels)
    return loss.reshaped(to: levels.shape.removing(-1))
  }

  /// Level 1 where the uniform number lies below its probability.
  public func sample(
    parameters: UnsafeBufferPointer<Float>, uniforms: UnsafeBufferPointer<Float>,
    temperature: Float, levels: UnsafeMutableBufferPointer<Float>
  ) {
    let probability = 1 / (1 + expf(-parameters[0] / temperature))
    levels[0] = uniforms[0] < probability ? 1 : 0
  }

  /// The probability of level 1.
  public func mean(
    parameters: UnsafeBufferPointer<Float>, levels: UnsafeMutableBufferPointer<Float>
  ) {
    levels[0] = 1 / (1 + expf(-parameters[0]))
  }

  /// The probability of level 1.
  public func means(parameters: Tensor) -> Tensor { parameters.sigmoid() }
}
