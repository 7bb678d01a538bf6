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

  /// The logistics' means, weighted; each kept within the levels, and green's and blue's computed from the means of
  /// the channels before.
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
        mean = min(1, max(-1, mean))
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
}
