import Platform
public import Tensors

/// A mixture of discretised logistics over many levels, grey or RGB; with RGB, green's mean depends
/// linearly on red, and blue's on both (Salimans and others 2017, PixelCNN++, sections 2.1 and
/// 2.2).
///
/// Departures: the probability of a bin is computed without cancellation, so that no approximation is needed
/// where it is small.
public struct LogisticMixturePixel: PixelDistribution {
  /// 1 (grey) or 3 (RGB).
  public let channels: Int
  /// The number of levels.
  public let levels: Int
  /// The number of logistics.
  public let mixtures: Int

  /// A pixel of 1 or 3 channels.
  public init(channels: Int, levels: Int, mixtures: Int) {
    precondition(channels == 1 || channels == 3)
    self.channels = channels
    self.levels = levels
    self.mixtures = mixtures
  }

  /// Logits, means, log scales, and with RGB three coefficients, for each logistic.
  public var parameterCount: Int { mixtures * (1 + 2 * channels + (channels == 3 ? 3 : 0)) }
  /// One for the logistic, one a channel.
  public var drawsPerPixel: Int { 1 + channels }

  /// The mixture's negative log-likelihood.
  public func negativeLogLikelihood(parameters: Tensor, levels: Tensor) -> Tensor {
    parameters.converted(to: .float32)
      .logisticMixtureLoss(levels: levels, mixtures: mixtures, levelCount: self.levels)
  }

  /// Draws a logistic, then red, green given red, and blue given both.
  public func sample(
    parameters: UnsafeBufferPointer<Float>, uniforms: UnsafeBufferPointer<Float>,
    temperature: Float, levels: UnsafeMutableBufferPointer<Float>
  ) {
    let logits = UnsafeBufferPointer(rebasing: parameters[0..<mixtures])
    let chosen = categoricalDraw(logits: logits, uniform: uniforms[0], temperature: temperature)
    func parameter(_ group: Int) -> Float { parameters[group * mixtures + chosen] }
    let top = Float(self.levels - 1)
    var drawn: [Float] = []
    for channel in 0..<channels {
      var mean = parameter(1 + 2 * channel)
      if channel == 1 { mean += tanhf(parameter(7)) * drawn[0] }
      if channel == 2 { mean += tanhf(parameter(8)) * drawn[0] + tanhf(parameter(9)) * drawn[1] }
      let scale = expf(max(-7, parameter(2 + 2 * channel))) * temperature
      let uniform = uniforms[1 + channel]
      let value = mean + scale * (logf(uniform) - logf(1 - uniform))
      let level = min(top, max(0, ((value + 1) / 2 * top).rounded()))
      levels[channel] = level
      drawn.append(2 * level / top - 1)
    }
  }

  /// The means of what is drawn, weighted; green's and blue's are computed from the means of the channels before.
  ///
  /// What a logistic draws beyond the levels is moved to the nearest, and its mean is that of what is left: see ``keptMean``.
  public func mean(
    parameters: UnsafeBufferPointer<Float>, levels: UnsafeMutableBufferPointer<Float>
  ) {
    let highest = parameters[0..<mixtures].max() ?? 0
    var total: Float = 0
    levels.update(repeating: 0)
    for index in 0..<mixtures {
      let weight = expf(parameters[index] - highest)
      total += weight
      var means: (Float, Float, Float) = (0, 0, 0)
      func parameter(_ group: Int) -> Float { parameters[group * mixtures + index] }
      for channel in 0..<channels {
        var mean = parameter(1 + 2 * channel)
        if channel == 1 { mean += tanhf(parameter(7)) * means.0 }
        if channel == 2 { mean += tanhf(parameter(8)) * means.0 + tanhf(parameter(9)) * means.1 }
        mean = Self.keptMean(mean, logScale: parameter(2 + 2 * channel))
        switch channel {
        case 0: means.0 = mean
        case 1: means.1 = mean
        default: means.2 = mean
        }
        levels[channel] += weight * mean
      }
    }
    let half = Float(self.levels - 1) / 2
    for channel in 0..<channels { levels[channel] = (levels[channel] / total + 1) * half }
  }

  /// E[max(-1, min(1, X))] of a logistic X: -1 + ∫ P(X > x) dx over -1...1, which is
  /// -1 + s (softplus((m + 1) / s) - softplus((m - 1) / s)) for the mean m and the scale s.
  private static func keptMean(_ mean: Float, logScale: Float) -> Float {
    let scale = expf(max(-7, logScale))
    func softplus(_ x: Float) -> Float { max(0, x) + log1pf(expf(-abs(x))) }
    return scale * (softplus((mean + 1) / scale) - softplus((mean - 1) / scale)) - 1
  }

  /// The same for many pixels at once.
  public func means(parameters: Tensor) -> Tensor {
    let groups = parameters.split(into: parameterCount / mixtures, axis: -1)
    let weights = groups[0].softmax()
    func kept(_ mean: Tensor, _ logScale: Tensor) -> Tensor {
      let scale = logScale.clamped(-7, 80).exp()
      let (upper, lower) = (((mean + 1) / scale).softplus(), ((mean - 1) / scale).softplus())
      return scale * (upper - lower) - 1
    }
    var means = [kept(groups[1], groups[2])]
    if channels == 3 {
      means.append(kept(groups[3] + groups[7].tanh() * means[0], groups[4]))
      means.append(
        kept(groups[5] + groups[8].tanh() * means[0] + groups[9].tanh() * means[1], groups[6]))
    }
    let (half, axis) = (Float(levels - 1) / 2, parameters.shape.rank - 1)
    return Tensor.concatenated(
      means.map { (weights * $0).sum(axis: axis, keepingAxis: true) }, axis: axis
    ).affine(half, half)
  }
}
