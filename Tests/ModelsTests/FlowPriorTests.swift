import Layers
import Models
import Platform
import Tensors
import TestSupport
import Testing

/// The learnt prior of latents.
@Suite struct FlowPriorTests {
  /// A prior whose parameters are far from their beginnings.
  private static func prior(latentCount: Int = 5, maps: Int = 3) -> FlowPrior {
    let store = ParameterStore(seed: 3)
    let prior = FlowPrior(
      store.root, classCount: 3, latentCount: latentCount, maps: maps, hidden: 12)
    for (index, parameter) in store.parameters.enumerated() {
      let noise = RandomSource(seed: 4, purpose: .testing, index: UInt64(index))
        .normal(parameter.value.shape)
      parameter.assign(parameter.value.detached + noise * 0.3)
    }
    return prior
  }

  private static let labels: [Int?] = [0, 2, nil, 1, 1, nil]
  private static let noise = RandomSource(seed: 5, purpose: .testing).normal([6, 5])

  @Test func mapsLeadBackFromDraws() {
    // A base of mean 0 and variance 1 where there are no maps: what is drawn there is where the maps lead.
    let prior = Self.prior()
    let drawn = prior.draw(labels: Self.labels, noise: Self.noise)
    let base = Self.prior(maps: 0).draw(labels: Self.labels, noise: Self.noise)
    let (points, logScales) = prior.bent(drawn, labels: Self.labels)
    #expect(logScales != nil)
    #expect(Set(drawn.values).count == 30)
    for (point, expected) in zip(points.values, base.values) {
      #expect(abs(point - expected) < 1e-4)
    }
  }

  @Test func drawsDependOnClassAndNoise() {
    let prior = Self.prior()
    let drawn = prior.draw(labels: [0, 1, nil, 0], noise: Self.noise.sliced(0..<4, axis: 0))
    let others = prior.draw(labels: [1, 1, 0, 0], noise: Self.noise.sliced(0..<4, axis: 0))
    func row(_ tensor: Tensor, _ index: Int) -> [Float] {
      tensor.sliced(index..<index + 1, axis: 0).values
    }
    #expect(row(drawn, 0) != row(others, 0))
    #expect(row(drawn, 1) == row(others, 1))
    #expect(row(drawn, 2) != row(others, 2))
  }

  /// Coordinates are taken in turn, forwards and backwards: the Jacobian of one map is triangular, that of several is not.
  @Test(arguments: [1, 2, 3]) func scalesAreThoseOfJacobian(_ maps: Int) {
    let prior = Self.prior(latentCount: 2, maps: maps)
    let labels: [Int?] = [2, 2, 2, 2, 2]
    let (point, step): ([Float], Float) = ([0.3, -0.7], 1 / 128)
    let moved: [Float] =
      point + [point[0] + step, point[1]] + [point[0] - step, point[1]]
      + [point[0], point[1] + step] + [point[0], point[1] - step]
    let (points, logScales) = prior.bent(Tensor(moved, shape: [5, 2]), labels: labels)
    let values = points.values
    func slope(_ row: Int, _ value: Int) -> Double {
      Double(values[2 * row + value] - values[2 * (row + 1) + value]) / (2 * Double(step))
    }
    let determinant = slope(1, 0) * slope(3, 1) - slope(1, 1) * slope(3, 0)
    let expected = -log(abs(determinant))
    let found = Double((logScales?.sum(axis: 1).values ?? [])[0])
    #expect(abs(found - expected) < 0.002)
  }
}
