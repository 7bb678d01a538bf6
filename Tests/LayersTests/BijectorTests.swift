import Layers
import Platform
import Tensors
import TestSupport
import Testing

/// What every bijector promises.
@Suite struct BijectorTests {
  /// A bijector and the shape of its rows.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let row: [Int]
    /// Whether rows are points in 0...1.
    var isOfPoints = false
    var hasCondition = false
    let make: @Sendable (Scope) -> any Bijector
    var testDescription: String { name }
  }

  private static func affine(
    _ name: String, _ mask: AffineCoupling.Mask, _ row: [Int], condition: Int = 0
  ) -> Case {
    Case(name: name, row: row, hasCondition: condition > 0) {
      AffineCoupling(
        $0, mask, size: (row[0], row[1], row[2]), condition: condition, features: 5, blocks: 1)
    }
  }

  static let cases = [
    Case(name: "flattening", row: [2, 3, 2]) { _ in Flattening(row: [2, 3, 2]) },
    Case(name: "squeeze", row: [4, 2, 3]) { _ in Squeeze() },
    Case(name: "logit", row: [2, 3, 1], isOfPoints: true) { _ in Logit(margin: 0.05) },
    Case(name: "scaling", row: [7]) { Scaling($0, "scales", count: 7) },
    Case(name: "interleaved coupling", row: [7], hasCondition: true) {
      InterleavedCoupling($0, count: 7, movesOdd: false, condition: 2, layers: 2, hidden: 6)
    },
    affine("affine coupling, first squares", .checkerboard(holdsFirst: true), [3, 3, 2]),
    affine(
      "affine coupling, other squares", .checkerboard(holdsFirst: false), [3, 4, 1], condition: 2),
    affine("affine coupling, first channels", .channels(holdsFirst: true), [2, 2, 4]),
    affine("affine coupling, other channels", .channels(holdsFirst: false), [2, 3, 3]),
    Case(name: "several scales", row: [4, 4, 1], hasCondition: true) { scope in
      func coupling(_ name: String, _ mask: AffineCoupling.Mask, _ size: (Int, Int, Int))
        -> AffineCoupling
      {
        AffineCoupling(scope / name, mask, size: size, condition: 2, features: 4, blocks: 1)
      }
      let first = BijectorChain([
        coupling("a", .checkerboard(holdsFirst: true), (4, 4, 1)), Squeeze(),
        coupling("b", .channels(holdsFirst: true), (2, 2, 4)),
      ])
      let last = coupling("c", .checkerboard(holdsFirst: false), (2, 2, 2))
      return MultiScale([(first, (2, 2, 4)), (last, (2, 2, 2))])
    },
  ]

  /// A bijector whose weights are not those that it begins with, some rows, and a condition.
  private func subject(_ test: Case, rows: Int) -> (any Bijector, Tensor, condition: Tensor?) {
    let store = ParameterStore(seed: 3)
    let bijector = test.make(store.root)
    for (index, parameter) in store.parameters.enumerated() {
      let noise = RandomSource(seed: 8, purpose: .testing).at(index).normal(parameter.value.shape)
      let share: Float = test.name == "scaling" ? 0.05 : 0.3
      parameter.assign(parameter.value.detached + noise * share)
    }
    let random = RandomSource(seed: 9, purpose: .testing)
    let shape = Shape([rows] + test.row)
    let x =
      test.isOfPoints
      ? Tensor(random.uniforms(shape.count).map { 0.02 + 0.96 * $0 }, shape: shape)
      : random.normal(shape)
    let condition = test.hasCondition ? random.at(1).normal([rows, 2]) : nil
    return (bijector, x, condition)
  }

  @Test(arguments: cases, ElementType.allCases)
  func theInverseLeadsBack(_ test: Case, _ type: ElementType) {
    let (bijector, x, condition) = subject(test, rows: 5)
    let y = bijector.forward(x, condition: condition, in: type).0
    #expect(y.elementType == .float32 && y.count == x.count && y.values.allSatisfy(\.isFinite))
    #expect(["flattening", "squeeze"].contains(test.name) || y.values != x.values)
    let back = bijector.inverse(y, condition: condition, in: type)
    #expect(Comparison.difference(back, x, relative: 1e-5, absolute: 1e-5) == nil)
  }

  /// The logarithm of the determinant is that of the Jacobian, column by column by differences; of other rows it is another.
  @Test(arguments: cases)
  func theDeterminantIsThatOfTheJacobian(_ test: Case) {
    let (bijector, x, condition) = subject(test, rows: 2)
    let found = bijector.forward(x, condition: condition, in: .float32).logDeterminants
    #expect(found.shape == [2])
    let count = x.count / 2
    let step: Float = test.isOfPoints ? 1e-3 : 1e-2
    for row in 0..<2 {
      let start = Array(x.values[row * count..<(row + 1) * count])
      let moved = (0..<2 * count).flatMap { index -> [Float] in
        var other = start
        other[index / 2] += index.isMultiple(of: 2) ? step : -step
        return other
      }
      let conditions = condition.map {
        $0.embedded([Int32](repeating: Int32(row), count: 2 * count))
      }
      let y = bijector.forward(
        Tensor(moved, shape: Shape([2 * count] + test.row)), condition: conditions, in: .float32
      ).0.values.map(Double.init)
      let slopes = (0..<count).map { column in
        (0..<count).map { value in
          (y[2 * column * count + value] - y[(2 * column + 1) * count + value]) / Double(2 * step)
        }
      }
      let expected = Matrix.logDeterminant(slopes)
      #expect(abs(Double(found.values[row]) - expected) < 2e-3 * Double(count))
    }
  }

  /// Couplings leave what they hold, and are told the condition.
  @Test(arguments: cases.filter { $0.name.contains("affine") })
  func heldValuesStay(_ test: Case) {
    let (bijector, x, condition) = subject(test, rows: 1)
    let y = bijector.forward(x, condition: condition, in: .float32).0
    let isSame = zip(x.values, y.values).map { $0 == $1 }
    #expect(isSame.contains(true) && isSame.contains(false))
    if test.name.contains("channels") {
      let channels = test.row[2]
      let first = test.name.contains("first")
      #expect(
        isSame.indices.allSatisfy { isSame[$0] == (($0 % channels < channels / 2) == first) })
    }
    if let condition {
      let other = bijector.forward(x, condition: condition + 1, in: .float32).0
      #expect(other.values != y.values)
    }
  }

  /// The density of a flow integrates to one over a grid of two dimensions.
  @Test func densitiesIntegrateToOne() {
    let store = ParameterStore(seed: 5)
    let flow = BijectorChain([
      Logit(margin: 0.05),
      AffineCoupling(
        store.root / "a", .checkerboard(holdsFirst: true), size: (1, 2, 1), condition: 0,
        features: 6, blocks: 1),
      AffineCoupling(
        store.root / "b", .checkerboard(holdsFirst: false), size: (1, 2, 1), condition: 0,
        features: 6, blocks: 1),
    ])
    for (index, parameter) in store.parameters.enumerated() {
      let noise = RandomSource(seed: 8, purpose: .testing).at(index).normal(parameter.value.shape)
      parameter.assign(parameter.value.detached + noise * 0.3)
    }
    // Beyond 0...1 as far as the margin lets points lie; two thousandths of the edges are left out.
    let (side, low, high) = (400, -0.0555, 1.0555)
    let width = (high - low) / Double(side)
    let points = (0..<side * side).flatMap { index -> [Float] in
      [index / side, index % side].map { Float(low + (Double($0) + 0.5) * width) }
    }
    let (z, logDeterminants) = flow.forward(
      Tensor(points, shape: [side * side, 1, 2, 1]), condition: nil, in: .float32)
    let components = z.values
    var total = 0.0
    for (index, logDeterminant) in logDeterminants.values.enumerated() {
      let squares = components[2 * index..<2 * index + 2].reduce(0.0) {
        $0 + Double($1) * Double($1)
      }
      total += exp(-0.5 * squares - log(2 * .pi) + Double(logDeterminant)) * width * width
    }
    #expect(abs(total - 1) < 0.01)
  }
}
