import Layers
import Tensors
import TestSupport
import Testing

/// The discretised logistic mixture against its definition.
@Suite struct MixtureTests {
  @Test(arguments: MixtureCase.all)
  func equalsDefinition(_ mixture: MixtureCase) {
    let (pixels, naive) = (40, mixture.naive)
    let parameters = mixture.parameters(pixels)
    let levels = mixture.randomLevels(pixels * mixture.channels)
    let width = naive.parameterCount
    let input = Tensor(parameters, shape: [pixels, width]).variable
    let target = Tensor(levels.map(Float.init), shape: [pixels, mixture.channels])
    var losses = target
    let (_, gradients) = valueAndGradients(of: [input]) {
      losses = mixture.distribution.negativeLogLikelihood(parameters: input, levels: target)
      return losses.sum()
    }
    let values = losses.values
    let gradient = gradients[0]?.values ?? []
    #expect(losses.shape == [pixels])
    #expect(gradient.count == parameters.count)
    for pixel in 0..<pixels where gradient.count == parameters.count {
      let own = parameters[pixel * width..<(pixel + 1) * width].map(Double.init)
      let place = Array(levels[pixel * mixture.channels..<(pixel + 1) * mixture.channels])
      let expected = naive.loss(own, place)
      #expect(abs(Double(values[pixel]) - expected) < 2e-4 + 2e-5 * abs(expected), "\(place)")
      let slopes = naive.gradient(own, place)
      let largest = slopes.reduce(1) { max($0, abs($1)) }
      for (i, slope) in slopes.enumerated() {
        let found = Double(gradient[pixel * width + i])
        #expect(abs(found - slope) < 2e-3 * largest, "gradient \(i) of pixel \(pixel) at \(place)")
      }
    }
  }

  @Test(arguments: MixtureCase.all.filter { $0.channels == 1 })
  func greyProbabilitiesSumToOne(_ mixture: MixtureCase) {
    let all = (0..<mixture.levels).map { [Float($0)] }
    for seed in 1...5 {
      let parameters = mixture.parameters(1, seed: UInt64(seed))
      let total = probabilities(mixture.distribution, parameters, all).reduce(0, +)
      #expect(abs(total - 1) < 2e-4)
    }
  }

  @Test(arguments: [2, 3, 4, 6], [Float(-6), -2, 0.5])
  func colourProbabilitiesSumToOne(_ levels: Int, _ logScale: Float) {
    for form in MixtureForm.allCases {
      sumToOne(MixtureCase(channels: 3, levels: levels, logScale: logScale, form: form))
    }
  }

  private func sumToOne(_ mixture: MixtureCase) {
    let levels = mixture.levels
    let steps = (0..<levels).map(Float.init)
    let all = steps.flatMap { r in steps.flatMap { g in steps.map { b in [r, g, b] } } }
    for seed in 1...3 {
      let parameters = mixture.parameters(1, seed: UInt64(seed))
      let total = probabilities(mixture.distribution, parameters, all).reduce(0, +)
      #expect(abs(total - 1) < 2e-4)
    }
  }

  @Test(arguments: [1, 3])
  func extremesStayFinite(_ channels: Int) {
    for form in MixtureForm.allCases {
      staysFinite(MixtureCase(channels: channels, mixtures: 3, form: form))
    }
  }

  private func staysFinite(_ mixture: MixtureCase) {
    let channels = mixture.channels
    let width = mixture.naive.parameterCount
    let choices: [Float] = [-60, -20, -7.0001, -7, -6.9999, 0, 1, 20, 60]
    for seed in 1...20 {
      let draws = RandomSource(seed: UInt64(seed), purpose: .testing).uniforms(width * 9)
      let input = Tensor(
        draws.map { choices[Int($0 * Float(choices.count))] }, shape: [9, width]
      ).variable
      let levels = (0..<9 * channels).map { [Float(0), 255, 128][$0 % 3] }
      let target = Tensor(levels, shape: [9, channels])
      let (loss, gradients) = valueAndGradients(of: [input]) {
        mixture.distribution.negativeLogLikelihood(parameters: input, levels: target).sum()
      }
      #expect(loss.scalar.isFinite)
      #expect(gradients[0]?.values.allSatisfy(\.isFinite) ?? false)
    }
  }
}

/// A mixture to try: what its pixels are, and how its parameters are spread.
struct MixtureCase: Sendable, CustomStringConvertible {
  var channels = 1, levels = 256, mixtures = 4
  var logScale: Float = -3, scaleSpread: Float = 1.5, meanSpread: Float = 0.7
  var form = MixtureForm.absolute

  static let all = [
    MixtureCase(), MixtureCase(mixtures: 1), MixtureCase(levels: 33), MixtureCase(channels: 3),
    MixtureCase(channels: 3, levels: 4, logScale: -1),
    MixtureCase(logScale: -7, scaleSpread: 3),
    MixtureCase(channels: 3, logScale: -8, scaleSpread: 4),
    MixtureCase(logScale: 3, scaleSpread: 2), MixtureCase(logScale: -5, meanSpread: 6),
    MixtureCase(channels: 3, levels: 2, logScale: 0), MixtureCase(mixtures: 16),
    MixtureCase(channels: 3, mixtures: 20), MixtureCase(mixtures: 64),
    MixtureCase(logScale: 0, form: .relative),
    MixtureCase(mixtures: 1, logScale: 0, form: .relative),
    MixtureCase(channels: 3, mixtures: 20, logScale: 0, form: .relative),
    MixtureCase(channels: 3, levels: 4, logScale: 2, form: .relative),
  ]

  var naive: NaiveMixture {
    NaiveMixture(
      channels: channels, levels: levels, mixtures: mixtures, isRelative: form == .relative)
  }
  var distribution: LogisticMixturePixel {
    LogisticMixturePixel(channels: channels, levels: levels, mixtures: mixtures, form: form)
  }
  var description: String {
    "\(channels) channels, \(levels) levels, \(mixtures) mixtures, log scale \(logScale)"
      + " ± \(scaleSpread), means ± \(meanSpread), \(form)"
  }

  func parameters(_ pixels: Int, seed: UInt64 = 1) -> [Float] {
    let width = naive.parameterCount
    let noise = RandomSource(seed: seed, purpose: .testing).normal([pixels * width]).values
    return noise.enumerated().map { place, value in
      let group = place % width / mixtures
      if group == 0 || group > 2 * channels { return value }
      return group % 2 == 1 ? value * meanSpread : logScale + value * scaleSpread
    }
  }

  /// Levels of which both ends come up often.
  func randomLevels(_ count: Int) -> [Int] {
    RandomSource(seed: 2, purpose: .testing, index: 5).uniforms(count).map {
      Int(min(1, max(0, $0 * 1.4 - 0.2)) * Float(levels - 1))
    }
  }
}
