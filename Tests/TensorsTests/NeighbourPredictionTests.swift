import Tensors
import TestSupport
import Testing

/// What is expected of a pixel by those before it.
@Suite struct NeighbourPredictionTests {
  /// A vertical edge, a horizontal one, a slope: each is gone on with.
  @Test(arguments: [
    (Float(0.2), Float(0.9), Float(0.2), Float(0.9)), (0.9, 0.2, 0.2, 0.9), (0.3, 0.5, 0.4, 0.4),
    (0.9, 0.2, 0.9, 0.2),
  ])
  func takesAnEdgeForAnEdge(_ left: Float, _ above: Float, _ corner: Float, _ expected: Float) {
    let value = NeighbourPrediction.value(left: left, above: above, corner: corner)
    #expect(abs(value - expected) < 1e-6)
  }

  /// Two rows of two pixels, three channels: of the first in -1...1, of the others differences from the one before.
  @Test func planesOfAnImage() {
    let levels: [Float] = [0, 255, 51, 255, 255, 255, 51, 0, 0, 9, 9, 9]
    let values = Tensor(levels, shape: [1, 2, 2, 3]).neighbourPredictions(levelCount: 256).values
    let first: [Float] = [-1, 2, -1.6]
    // Of the last pixel, left: -0.6, -0.4, 0; above: 1, 0, 0; corner: as the first pixel.
    let expected = [0, 0, 0] + first + first + [1, -0.4, 0]
    for (value, expected) in zip(values, expected) { #expect(abs(value - expected) < 1e-6) }
  }

  /// Every logistic's mean is moved, and no other number; gradients pass through.
  @Test func movesMeansAlone() {
    let parameters = Tensor((0..<40).map(Float.init), shape: [2, 20]).variable
    let weights = Tensor((0..<40).map { Float($0 * $0) }, shape: [2, 20])
    let means = Tensor([100, 200, 300, 400, 500, 600], shape: [2, 3])
    var moved = parameters
    let (_, gradients) = valueAndGradients(of: [parameters]) {
      moved = parameters.shiftedMeans(by: means, mixtures: 2)
      return (moved * weights).sum()
    }
    for (place, value) in moved.values.enumerated() {
      let group = place % 20 / 2
      let isMean = group == 1 || group == 3 || group == 5
      let shift = isMean ? Float(100 * (1 + place / 20 * 3 + group / 2)) : 0
      #expect(value == Float(place) + shift)
    }
    #expect(gradients[0]?.values == weights.values)
  }
}
