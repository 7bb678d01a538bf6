import Images
import Tasks
import Tensors
import Testing

/// The measures of evaluations, against what is computed by hand.
@Suite struct MeasureTests {
  @Test func meansAndStandardErrors() {
    let mean = MeanEstimate(of: [1, 2, 3, 6])
    #expect(mean.value == 3)
    // Squares 4 + 1 + 0 + 9 over 3 and 4.
    #expect(abs((mean.standardError ?? 0) - (14.0 / 12).squareRoot()) < 1e-12)
    #expect(MeanEstimate(of: [5]).standardError == nil)
  }

  /// The truth takes each rank among its completions as often where the model is right.
  @Test(arguments: [1, 4, 10, 19, 40])
  func nineTenthsOfTheRanksAreCovered(_ samples: Int) {
    let shares = (0...samples).map {
      ImputationReport.share(ofRank: Double($0), among: samples)
    }
    #expect(abs(shares.reduce(0, +) / Double(samples + 1) - 0.9) < 1e-12)
    #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(samples != 19 || (shares[0] == 0 && shares[1] == 1 && shares[19] < 1e-12))
  }

  @Test func similarityOfEqualImagesIsOne() {
    let image = (0..<80).map { Double($0 * 37 % 11) / 10 }
    #expect(
      abs(StructuralSimilarity.of(image, image, width: 10, height: 8, channels: 1) - 1) < 1e-12)
    let flat = [Double](repeating: 0.5, count: 75)
    #expect(abs(StructuralSimilarity.of(flat, flat, width: 5, height: 5, channels: 3) - 1) < 1e-12)
  }

  @Test func similarityOfOneWindow() {
    // Means 0.5 and 0.25, variances 0.25 and 0.0625, covariance 0.125.
    let first = [0.0, 1, 0, 1]
    let second = [0.0, 0.5, 0, 0.5]
    let expected =
      (2 * 0.125 + 1e-4) * (2 * 0.125 + 9e-4) / ((0.3125 + 1e-4) * (0.3125 + 9e-4))
    let found = StructuralSimilarity.of(first, second, width: 2, height: 2, channels: 1)
    #expect(abs(found - expected) < 1e-12)
    // An image against its negative.
    let opposite = StructuralSimilarity.of(
      first, first.map { 1 - $0 }, width: 2, height: 2, channels: 1)
    #expect(opposite < -0.9)
  }

  @Test(arguments: [(0.1, 6), (0.5, 32), (0.9, 58), (1, 64), (0.001, 1)])
  func randomMasksMissTheShareAskedFor(_ share: Double, _ count: Int) {
    let masks = (0..<3).map { index in
      EvaluationHole.randomMask(
        width: 8, height: 8, share: share,
        random: RandomSource(seed: 4, purpose: .masks, index: index))
    }
    #expect(masks.allSatisfy { $0.missingCount == count })
    if count < 60 { #expect(masks[0] != masks[1] && masks[1] != masks[2]) }
  }
}
