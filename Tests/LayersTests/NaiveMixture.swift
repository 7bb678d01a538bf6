import Platform

/// The discretised logistic mixture as the papers write it, in float64 and without care for speed: what the fused
/// kernel is held against.
struct NaiveMixture {
  let channels: Int, levels: Int, mixtures: Int
  var isRelative = false

  var parameterCount: Int { mixtures * (1 + 2 * channels + (channels == 3 ? 3 : 0)) }

  /// -log p of one pixel.
  func loss(_ parameters: [Double], _ pixel: [Int]) -> Double {
    let x = pixel.map { 2 * Double($0) / Double(levels - 1) - 1 }
    let logits = parameters[0..<mixtures]
    let top = logits.max() ?? 0
    let normalizer = top + log(logits.reduce(0) { $0 + exp($1 - top) })
    let joint = (0..<mixtures).map { j -> Double in
      func parameter(_ group: Int) -> Double { parameters[group * mixtures + j] }
      var sum = parameter(0) - normalizer
      for channel in 0..<channels {
        var mean = parameter(1 + 2 * channel)
        if channel == 1 { mean += coefficient(parameter(7), from: 1) * x[0] }
        if channel == 2 {
          mean += coefficient(parameter(8), from: 0) * x[0]
          mean += coefficient(parameter(9), from: 1) * x[1]
        }
        let scale = exp(max(-7, parameter(2 + 2 * channel) + logScale(of: j)))
        sum += logBin(pixel[channel], x[channel], mean, scale)
      }
      return sum
    }
    let best = joint.max() ?? 0
    return -(best + log(joint.reduce(0) { $0 + exp($1 - best) }))
  }

  /// Relative coefficients begin at 1 for the channel just before, at 0 for the other.
  private func coefficient(_ number: Double, from start: Double) -> Double {
    isRelative ? start + number : tanh(number)
  }

  /// What a relative log scale begins at.
  private func logScale(of mixture: Int) -> Double {
    guard isRelative else { return 0 }
    let narrowest = log((exp(1) - 1) / Double(levels - 1))
    let widest = max(-1, narrowest)
    return widest + (narrowest - widest) * Double(mixture) / Double(max(1, mixtures - 1))
  }

  /// log of the logistic distribution's mass between the edges of a level's bin; the outermost bins have no outer
  /// edge.
  private func logBin(_ level: Int, _ x: Double, _ mean: Double, _ scale: Double) -> Double {
    let half = 1 / Double(levels - 1)
    let upper = level == levels - 1 ? Double.infinity : (x + half - mean) / scale
    let lower = level == 0 ? -Double.infinity : (x - half - mean) / scale
    func sigmoid(_ t: Double) -> Double { t >= 0 ? 1 / (1 + exp(-t)) : exp(t) / (1 + exp(t)) }
    // The mass is that of the mirrored bin; on the left side no digit is lost.
    let mass =
      lower > 0 ? sigmoid(-lower) - sigmoid(-upper) : sigmoid(upper) - sigmoid(lower)
    if mass > 1e-250 { return log(mass) }
    // Far out the logistic distribution is an exponential one.
    let (near, width) = lower > 0 ? (lower, upper - lower) : (-upper, upper - lower)
    return -near + (width.isFinite ? log(1 - exp(-width)) : 0)
  }

  /// The loss's gradient by central differences.
  func gradient(_ parameters: [Double], _ pixel: [Int]) -> [Double] {
    parameters.indices.map { place in
      let step = 1e-5 * max(1, abs(parameters[place]))
      var moved = parameters
      moved[place] = parameters[place] + step
      let above = loss(moved, pixel)
      moved[place] = parameters[place] - step
      return (above - loss(moved, pixel)) / (2 * step)
    }
  }
}
