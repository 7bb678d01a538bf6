import Layers
import Platform
import Tensors
import TestSupport
import Testing

/// The distributions of a pixel: sums, gradients, draws.
@Suite struct DistributionTests {
  @Test(arguments: PixelCase.all)
  func probabilitiesSumToOne(_ pixel: PixelCase) {
    let total = probabilities(pixel.distribution, pixel.parameters, pixel.pixels).reduce(0, +)
    #expect(abs(total - 1) < 1e-5)
  }

  @Test(arguments: PixelCase.all)
  func drawsFollowProbabilities(_ pixel: PixelCase) {
    let all = probabilities(pixel.distribution, pixel.parameters, pixel.pixels)
    var counts = [Int](repeating: 0, count: all.count)
    for draw in draws(pixel.distribution, pixel.parameters, channels: pixel.channels, count: 50_000)
    {
      counts[draw.reduce(0) { $0 * pixel.levels + Int($1) }] += 1
    }
    #expect(ChiSquare.breach(counts: counts, probabilities: all) == nil)
  }

  @Test(arguments: PixelCase.all.filter { $0.channels == 1 && $0.levels <= 32 }, [Float(0.4), 2.5])
  func temperatureIsPower(_ pixel: PixelCase, _ temperature: Float) {
    let all = probabilities(pixel.distribution, pixel.parameters, pixel.pixels)
      .map { pow($0, 1 / Double(temperature)) }
    let total = all.reduce(0, +)
    var counts = [Int](repeating: 0, count: all.count)
    for draw in draws(
      pixel.distribution, pixel.parameters, channels: 1, count: 50_000, temperature: temperature)
    {
      counts[Int(draw[0])] += 1
    }
    #expect(ChiSquare.breach(counts: counts, probabilities: all.map { $0 / total }) == nil)
  }

  @Test(arguments: PixelCase.all)
  func coldDrawsAreAlike(_ pixel: PixelCase) {
    let all = draws(
      pixel.distribution, pixel.parameters, channels: pixel.channels, count: 200, temperature: 1e-4)
    #expect(Set(all).count <= 2)
  }

  @Test(arguments: PixelCase.all)
  func gradientIsSlope(_ pixel: PixelCase) {
    let pixels = Array(pixel.pixels.prefix(300))
    let input = Tensor(
      pixels.indices.flatMap { index in
        pixel.parameters.map { $0 + 0.01 * Float(index % 7) }
      }, shape: [pixels.count, pixel.parameters.count])
    let levels = Tensor(pixels.flatMap { $0 }, shape: [pixels.count, pixel.channels])
    let failures = GradientCheck().failures(of: [input]) { inputs in
      pixel.distribution.negativeLogLikelihood(parameters: inputs[0], levels: levels)
    }
    #expect(failures == [])
  }

  @Test(arguments: PixelCase.all.filter { $0.channels == 1 || $0.levels > 2 })
  func meansAreThoseOfDraws(_ pixel: PixelCase) {
    let drawn = draws(pixel.distribution, pixel.parameters, channels: pixel.channels, count: 50_000)
    let means = pixel.distribution.means(
      parameters: Tensor(pixel.parameters, shape: [1, pixel.parameters.count])
    ).values
    for channel in 0..<pixel.channels {
      let levels = drawn.map { Double($0[channel]) }
      let mean = levels.reduce(0, +) / Double(levels.count)
      let square = levels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(levels.count)
      // Levels are rounded, and in colour the first channels' means stand for what they draw.
      let share = channel > 0 ? 0.05 : 0.01
      let tolerance = 5 * sqrt(square / Double(levels.count)) + share * Double(pixel.levels - 1)
      #expect(abs(Double(means[channel]) - mean) < tolerance, "\(means) and \(mean)")
    }
  }

  @Test(arguments: PixelCase.all)
  func meansOfOneAreThoseOfMany(_ pixel: PixelCase) {
    let many = pixel.distribution.means(
      parameters: Tensor(pixel.parameters, shape: [1, pixel.parameters.count])
    ).values
    var one = [Float](repeating: 0, count: pixel.channels)
    pixel.parameters.withUnsafeBufferPointer { parameters in
      one.withUnsafeMutableBufferPointer {
        pixel.distribution.mean(parameters: parameters, levels: $0)
      }
    }
    #expect(zip(one, many).allSatisfy { abs($0 - $1) < 1e-4 * Float(pixel.levels) })
  }

  @Test(arguments: PixelCase.all)
  func meansHaveSlopes(_ pixel: PixelCase) {
    let input = Tensor(
      (0..<20).flatMap { index in pixel.parameters.map { $0 + 0.05 * Float(index % 7) } },
      shape: [20, pixel.parameters.count])
    let failures = GradientCheck().failures(of: [input]) {
      pixel.distribution.means(parameters: $0[0])
    }
    #expect(failures == [])
  }

  @Test(arguments: [Float(-1e4), -100, 0, 100, 1e4])
  func extremeOddsStayFinite(_ logit: Float) {
    let odds = Tensor([logit, logit], shape: [2, 1]).variable
    let (loss, gradients) = valueAndGradients(of: [odds]) {
      BernoulliPixel().negativeLogLikelihood(
        parameters: odds, levels: Tensor([0, 1], shape: [2, 1])
      ).sum()
    }
    let expected = logit == 0 ? 2 * logf(2) : abs(logit)
    #expect(abs(loss.scalar - expected) < 1e-3 * max(1, expected))
    #expect(gradients[0]?.values.allSatisfy(\.isFinite) ?? false)
    let drawn = draws(BernoulliPixel(), [logit], channels: 1, count: 50)
    #expect(logit == 0 || drawn.allSatisfy { $0 == [logit > 0 ? 1 : 0] })
  }

  @Test(arguments: [Float(-1e4), -100, 0, 100, 1e4])
  func extremeLogitsStayFinite(_ logit: Float) {
    let logits = Tensor([logit, 0, -logit, logit, logit, logit], shape: [2, 3]).variable
    let (loss, gradients) = valueAndGradients(of: [logits]) {
      CategoricalPixel(levels: 3).negativeLogLikelihood(
        parameters: logits, levels: Tensor([0, 2], shape: [2, 1])
      ).sum()
    }
    #expect(loss.scalar.isFinite)
    #expect(gradients[0]?.values.allSatisfy(\.isFinite) ?? false)
    let drawn = draws(CategoricalPixel(levels: 3), [logit, 0, -logit], channels: 1, count: 50)
    #expect(drawn.allSatisfy { (0..<3).contains(Int($0[0])) })
  }

  @Test func suitedDistribution() {
    #expect(PixelDistributions.suited(channels: 1, levels: 2) is BernoulliPixel)
    #expect(PixelDistributions.suited(channels: 1, levels: 32) is CategoricalPixel)
    #expect(PixelDistributions.suited(channels: 1, levels: 33) is LogisticMixturePixel)
    #expect(PixelDistributions.suited(channels: 3, levels: 2) is LogisticMixturePixel)
  }
}

/// A distribution with the parameters of one pixel.
struct PixelCase: Sendable, CustomStringConvertible {
  let distribution: any PixelDistribution
  let channels: Int, levels: Int
  let parameters: [Float]

  static let all = [
    PixelCase(1, 2, seed: 1), PixelCase(1, 3, seed: 2), PixelCase(1, 16, seed: 3),
    PixelCase(1, 32, seed: 4), PixelCase(1, 33, seed: 5), PixelCase(1, 256, seed: 6),
    PixelCase(3, 2, seed: 7), PixelCase(3, 4, seed: 8),
    PixelCase(1, 256, seed: 9, form: .relative), PixelCase(3, 4, seed: 10, form: .relative),
  ]

  init(_ channels: Int, _ levels: Int, seed: UInt64, form: MixtureForm = .absolute) {
    distribution = PixelDistributions.suited(
      channels: channels, levels: levels, mixtures: 3, form: form)
    self.channels = channels
    self.levels = levels
    let isMixture = distribution is LogisticMixturePixel
    parameters = RandomSource(seed: seed, purpose: .testing)
      .normal([distribution.parameterCount]).values.enumerated().map { place, value in
        isMixture && [2, 4, 6].contains(place / 3) ? value * 0.5 - 1.2 : value
      }
  }

  var description: String { "\(channels) channels of \(levels) levels: \(type(of: distribution))" }

  /// Every pixel there is.
  var pixels: [[Float]] {
    (0..<channels).reduce([[]]) { pixels, _ in
      pixels.flatMap { pixel in (0..<levels).map { pixel + [Float($0)] } }
    }
  }
}
