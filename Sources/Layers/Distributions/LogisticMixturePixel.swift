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
  /// What the numbers mean.
  public let form: MixtureForm
  /// What log scales and coefficients are relative to, a number for each parameter; nil where they are absolute.
  let start: [Float]?

  /// A pixel of 1 or 3 channels.
  public init(channels: Int, levels: Int, mixtures: Int, form: MixtureForm = .absolute) {
    precondition(channels == 1 || channels == 3)
    self.channels = channels
    self.levels = levels
    self.mixtures = mixtures
    self.form = form
    start = form.start(channels: channels, levels: levels, mixtures: mixtures)
  }

  /// Logits, means, log scales, and with RGB three coefficients, for each logistic.
  public var parameterCount: Int { mixtures * (1 + 2 * channels + (channels == 3 ? 3 : 0)) }
  /// One for the logistic, one a channel.
  public var drawsPerPixel: Int { 1 + channels }

  /// The mixture's negative log-likelihood.
  public func negativeLogLikelihood(parameters: Tensor, levels: Tensor) -> Tensor {
    parameters.converted(to: .float32)
      .logisticMixtureLoss(
        levels: levels, mixtures: mixtures, levelCount: self.levels, start: start)
  }

  /// Draws a logistic, then red, green given red, and blue given both.
  public func sample(
    parameters: UnsafeBufferPointer<Float>, uniforms: UnsafeBufferPointer<Float>,
    temperature: Float, levels: UnsafeMutableBufferPointer<Float>
  ) {
    let logits = UnsafeBufferPointer(rebasing: parameters[0..<mixtures])
    let chosen = categoricalDraw(logits: logits, uniform: uniforms[0], temperature: temperature)
    let numbers = LogisticNumbers(of: parameters, chosen, self)
    let top = Float(self.levels - 1)
    var drawn: [Float] = []
    for channel in 0..<channels {
      let mean = numbers.mean(channel, given: drawn)
      let scale = expf(numbers.logScale(channel)) * temperature
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
      let numbers = LogisticNumbers(of: parameters, index, self)
      var means: [Float] = []
      for channel in 0..<channels {
        means.append(
          Self.keptMean(
            numbers.mean(channel, given: means), logScale: numbers.logScale(channel)))
        levels[channel] += weight * means[channel]
      }
    }
    let half = Float(self.levels - 1) / 2
    for channel in 0..<channels { levels[channel] = (levels[channel] / total + 1) * half }
  }

  /// E[max(-1, min(1, X))] of a logistic X: -1 + ∫ P(X > x) dx over -1...1, which is
  /// -1 + s (softplus((m + 1) / s) - softplus((m - 1) / s)) for the mean m and the scale s.
  private static func keptMean(_ mean: Float, logScale: Float) -> Float {
    let scale = expf(logScale)
    func softplus(_ x: Float) -> Float { max(0, x) + log1pf(expf(-abs(x))) }
    return scale * (softplus((mean + 1) / scale) - softplus((mean - 1) / scale)) - 1
  }

  /// The same for many pixels at once.
  public func means(parameters: Tensor) -> Tensor {
    let sums = start.map { parameters + Tensor($0, shape: [parameterCount]) } ?? parameters
    let groups = sums.split(into: parameterCount / mixtures, axis: -1)
    func coefficient(_ group: Int) -> Tensor {
      form == .absolute ? groups[group].tanh() : groups[group]
    }
    let weights = groups[0].softmax()
    func kept(_ mean: Tensor, _ logScale: Tensor) -> Tensor {
      let scale = logScale.clamped(-7, 80).exp()
      let (upper, lower) = (((mean + 1) / scale).softplus(), ((mean - 1) / scale).softplus())
      return scale * (upper - lower) - 1
    }
    var means = [kept(groups[1], groups[2])]
    if channels == 3 {
      means.append(kept(groups[3] + coefficient(7) * means[0], groups[4]))
      means.append(
        kept(groups[5] + coefficient(8) * means[0] + coefficient(9) * means[1], groups[6]))
    }
    let (half, axis) = (Float(levels - 1) / 2, parameters.shape.rank - 1)
    return Tensor.concatenated(
      means.map { (weights * $0).sum(axis: axis, keepingAxis: true) }, axis: axis
    ).affine(half, half)
  }

  /// Where numbers are relative: means of every logistic are differences from these.
  public func relative(_ parameters: Tensor, to expected: Tensor) -> Tensor {
    form == .relative ? parameters.shiftedMeans(by: expected, mixtures: mixtures) : parameters
  }

  /// Where numbers are relative.
  public var heedsNeighbours: Bool { form == .relative }
}
