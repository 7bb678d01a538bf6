import Tasks
import Tensors
import TestSupport
import Testing

/// Distances of sets of rows, against NumPy, closed forms and what they are in the mean.
@Suite(.serialized) struct SetDistanceTests {
  private let references: ReferenceArrays
  private let left: FeatureRows
  private let right: FeatureRows

  init() throws {
    references = try ReferenceArrays("sample_measures")
    left = try Self.rows(references("sets/left"))
    right = try Self.rows(references("sets/right"))
  }

  private static func rows(_ tensor: Tensor) -> FeatureRows {
    FeatureRows(tensor.values, width: tensor.shape[1])
  }

  private func normal(_ count: Int, width: Int, index: Int) -> FeatureRows {
    Self.rows(RandomSource(seed: 2, purpose: .testing).at(index).normal([count, width]))
  }

  @Test func theFrechetDistanceIsNumPys() throws {
    let expected = try Double(references("sets/frechet").values[0])
    #expect(abs(FrechetDistance(left, right).value / expected - 1) < 1e-5)
    #expect(abs(FrechetDistance(right, left).value / expected - 1) < 1e-5)
    #expect(abs(FrechetDistance(left, left).value) < 1e-9)
  }

  /// Of Gaussians with one correlation and other lengths and means: |μ|² + Σ (σ₁ - σ₂)².
  @Test func theFrechetDistanceOfGaussiansIsTheClosedForm() {
    // Rows ± a along each axis have exactly the covariance 2 a² / (rows - 1).
    func axes(_ lengths: [Float], shift: Float) -> FeatureRows {
      let width = lengths.count
      return FeatureRows(
        (0..<2 * width).flatMap { row in
          (0..<width).map { column in
            shift + (row / 2 == column ? (row % 2 == 0 ? lengths[column] : -lengths[column]) : 0)
          }
        }, width: width)
    }
    let (first, second): ([Float], [Float]) = ([1, 2, 3, 0], [4, 1, 3, 0.5])
    let value = FrechetDistance.distance(
      FeatureMoments(axes(first, shift: 0)), FeatureMoments(axes(second, shift: 2)))
    let spread = zip(first, second).reduce(0.0) {
      $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) * 2 / 7
    }
    #expect(abs(value - 4 * 4 - spread) < 1e-9)
  }

  /// Few rows of one distribution seem far apart, and their extrapolation does not.
  @Test func theExtrapolationTakesTheBiasAway() {
    let distances = (0..<6).map { round in
      FrechetDistance(
        normal(600, width: 16, index: 2 * round), normal(600, width: 16, index: 2 * round + 1))
    }
    let biased = MeanEstimate(of: distances.map(\.value)).value
    let unbiased = MeanEstimate(of: distances.map(\.unbiased)).value
    // In the mean about (d² + 3d) / 4 (1/n + 1/m).
    #expect(biased > 0.15 && biased < 0.35)
    #expect(abs(unbiased) < 0.2 * biased)
  }

  @Test func theKernelDistanceIsNumPys() throws {
    let expected = try references("sets/kernel").values.map(Double.init)
    let estimate = KernelDistance.estimate(left, right)
    #expect(abs(estimate.value - expected[0]) < 2e-5 * abs(expected[0]) + 1e-6)
    #expect(abs((estimate.standardError ?? 0) / expected[1] - 1) < 1e-4)
  }

  /// Of random halves of one set it is 0 in the mean, and its error is about the one that it says, or smaller.
  @Test func theKernelDistanceOfHalvesIsZeroInTheMean() {
    let estimates = (0..<150).map { round in
      KernelDistance.estimate(
        normal(40, width: 6, index: 2 * round), normal(40, width: 6, index: 2 * round + 1))
    }
    let mean = MeanEstimate(of: estimates.map(\.value))
    let error = mean.standardError ?? 0
    #expect(abs(mean.value) < 3 * error)
    let said = MeanEstimate(of: estimates.compactMap(\.standardError)).value
    let actual = error * Double(estimates.count).squareRoot()
    #expect(said > actual && said < 3 * actual)
    // Where there is a difference the error is right.
    let shifted = (0..<60).map { round in
      let other = normal(40, width: 6, index: 1000 + round)
      return KernelDistance.estimate(
        normal(40, width: 6, index: 2000 + round),
        FeatureRows(other.rows(0..<40).values.map { $0 + 1 }, width: 6))
    }
    let spread = MeanEstimate.standardDeviation(of: shifted.map(\.value)) ?? 0
    let ofShifted = MeanEstimate(of: shifted.compactMap(\.standardError)).value
    #expect(ofShifted > 0.7 * spread && ofShifted < 1.5 * spread)
  }

  @Test func neighbourhoodsAreNumPys() throws {
    let expected = try references("sets/manifold").values.map(Double.init)
    let measures = ManifoldMeasures(generated: left, real: right)
    let found = [measures.precision, measures.recall, measures.density, measures.coverage]
    for (value, expected) in zip(found, expected) { #expect(abs(value - expected) < 1e-6) }
    #expect(measures.precision < 1 && measures.recall < 1 && measures.coverage < 1)
  }

  @Test func parzenWindowsAreNumPys() throws {
    let window = ParzenWindow(
      around: try Self.rows(references("parzen/centres")),
      validation: try Self.rows(references("parzen/validation")),
      test: try Self.rows(references("parzen/test")))
    let expected = try references("parzen/result").values.map(Double.init)
    #expect(abs(window.width / expected[0] - 1) < 1e-6)
    #expect(abs(window.logLikelihood.value - expected[1]) < 1e-4)
    #expect(abs((window.logLikelihood.standardError ?? 0) - expected[2]) < 1e-4)
  }

  /// One centre: the density of a Gaussian, whose likeliest width is the root mean square of the distances.
  @Test func aWindowAroundOneCentreIsAGaussian() {
    let width = 5
    let centre = FeatureRows([Float](repeating: 0.5, count: width), width: width)
    let near = FeatureRows(
      normal(400, width: width, index: 9).rows(0..<400).values.map {
        0.5 + 0.2 * $0
      }, width: width)
    let window = ParzenWindow(around: centre, validation: near, test: centre)
    #expect(window.width > 0.18 && window.width < 0.22)
    // At its centre -d log (σ √2π).
    let expected = -Double(width) * logarithm(window.width * 2.5066282746310002)
    #expect(abs(window.logLikelihood.value - expected) < 1e-6)
    #expect(window.logLikelihood.standardError == nil)
  }

  private func logarithm(_ value: Double) -> Double {
    // The test knows no C library: ∫ 1/x by Simpson's rule.
    let steps = 20_000
    let width = (value - 1) / Double(steps)
    let sum = (0...steps).reduce(0.0) { sum, place in
      let factor = place == 0 || place == steps ? 1.0 : place % 2 == 1 ? 4 : 2
      return sum + factor / (1 + Double(place) * width)
    }
    return sum * width / 3
  }

  @Test func sharesOfClassesAreTested() throws {
    let same = ChiSquare([10, 20, 30, 0], [20, 40, 60, 0])
    #expect(same.value == 0 && same.freedom == 2 && same.probability == 1)
    // (10 - 0)²/10 + (0 - 10)²/10.
    let other = ChiSquare([10, 0], [0, 10])
    #expect(abs(other.value - 20) < 1e-12 && other.freedom == 1 && other.probability < 1e-4)
    let cases = try references("chi/cases").values.map(Double.init)
    let expected = try references("chi/probabilities").values.map(Double.init)
    for (place, probability) in expected.enumerated() {
      let found = ChiSquare.upperGamma(cases[2 * place] / 2, cases[2 * place + 1] / 2)
      #expect(abs(found - probability) < 1e-6 * probability + 1e-12)
    }
  }

  @Test func threadsDoNotMatter() {
    let (many, others) = (normal(700, width: 9, index: 20), normal(650, width: 9, index: 21))
    func measures() -> [Double] {
      let frechet = FrechetDistance(many, others)
      let kernel = KernelDistance.estimate(many, others)
      let window = ParzenWindow(
        around: many, validation: normal(100, width: 9, index: 22), test: others)
      let places = PrincipalComponents(many, count: 3).places(others.rows(0..<50)).values
      return [
        frechet.value, frechet.unbiased, kernel.value, kernel.standardError ?? 0, window.width,
        window.logLikelihood.value,
      ] + places.map(Double.init)
    }
    let one = ThreadPool.withThreads(1) { measures() }
    #expect(ThreadPool.withThreads(2) { measures() } == one)
    #expect(
      ThreadPool.withThreads(1) { ManifoldMeasures(generated: many, real: others) }
        == ThreadPool.withThreads(2) { ManifoldMeasures(generated: many, real: others) })
  }
}
