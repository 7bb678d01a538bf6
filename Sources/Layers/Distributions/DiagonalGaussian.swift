import Platform
public import Tensors

/// A normal distribution of independent coordinates, one a row.
public struct DiagonalGaussian: Sendable {
  /// Float32 `[rows, coordinates]`.
  public let mean: Tensor
  /// Float32 `[rows, coordinates]`: the logarithm of the variance.
  public let logVariance: Tensor

  /// A distribution with this mean; the log variance is kept in -14...8, beyond which nothing is lost but
  /// precision.
  public init(mean: Tensor, logVariance: Tensor) {
    precondition(mean.shape == logVariance.shape && mean.shape.rank == 2)
    self.mean = mean
    self.logVariance = logVariance.clamped(-14, 8)
  }

  /// `mean + deviation * noise`: a draw through which gradients flow (Kingma and Welling 2014, Auto-Encoding
  /// Variational Bayes, section 2.4).
  ///
  /// - Parameter noise: standard normal, of the mean's shape.
  public func sample(_ noise: Tensor) -> Tensor {
    mean + (logVariance * 0.5).exp() * noise
  }

  /// log N(x; mean, variance) of each row, `[rows]`.
  public func logDensity(_ x: Tensor) -> Tensor {
    let standardised = (x - mean).squared() * (logVariance * -1).exp()
    let constant = Float(mean.shape[1]) * logf(2 * .pi)
    return (standardised + logVariance).sum(axis: 1).affine(-0.5, -0.5 * constant)
  }

  /// The Kullback-Leibler divergence from the standard normal distribution of each row, in nats, `[rows]`: appendix B
  /// of the same paper.
  public var divergenceFromStandard: Tensor {
    (logVariance.exp() + mean.squared() - logVariance - 1).sum(axis: 1) * 0.5
  }

  /// One of the distributions.
  public func row(_ index: Int) -> DiagonalGaussian {
    DiagonalGaussian(
      mean: mean.sliced(index..<index + 1, axis: 0),
      logVariance: logVariance.sliced(index..<index + 1, axis: 0))
  }

  /// The distributions of these, one after the other.
  public static func rows(_ parts: [DiagonalGaussian]) -> DiagonalGaussian {
    DiagonalGaussian(
      mean: .concatenated(parts.map(\.mean), axis: 0),
      logVariance: .concatenated(parts.map(\.logVariance), axis: 0))
  }

  /// The same distributions, all rows over again `count` times.
  public func repeated(_ count: Int) -> DiagonalGaussian {
    guard count > 1 else { return self }
    return DiagonalGaussian(
      mean: .concatenated([Tensor](repeating: mean, count: count), axis: 0),
      logVariance: .concatenated([Tensor](repeating: logVariance, count: count), axis: 0))
  }

  /// log N(x; 0, 1) of each row, `[rows]`.
  public static func standardLogDensity(_ x: Tensor) -> Tensor {
    x.squared().sum(axis: 1).affine(-0.5, -0.5 * Float(x.shape[1]) * logf(2 * .pi))
  }
}
