import Platform

/// One logistic's numbers of a pixel.
struct LogisticNumbers {
  private let parameters: UnsafeBufferPointer<Float>
  private let index: Int
  private let distribution: LogisticMixturePixel

  init(
    of parameters: UnsafeBufferPointer<Float>, _ index: Int, _ distribution: LogisticMixturePixel
  ) {
    (self.parameters, self.index, self.distribution) = (parameters, index, distribution)
  }

  private func number(_ group: Int) -> Float {
    let place = group * distribution.mixtures + index
    return parameters[place] + (distribution.start?[place] ?? 0)
  }

  /// Kept from vanishing.
  func logScale(_ channel: Int) -> Float { max(-7, number(2 + 2 * channel)) }

  private func coefficient(_ group: Int) -> Float {
    distribution.form == .absolute ? tanhf(number(group)) : number(group)
  }

  /// The mean, given the channels before it.
  func mean(_ channel: Int, given before: [Float]) -> Float {
    let own = parameters[(1 + 2 * channel) * distribution.mixtures + index]
    return switch channel {
    case 0: own
    case 1: own + coefficient(7) * before[0]
    default: own + coefficient(8) * before[0] + coefficient(9) * before[1]
    }
  }
}
