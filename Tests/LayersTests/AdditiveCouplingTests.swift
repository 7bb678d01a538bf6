import Layers
import Tensors
import TestSupport
import Testing

/// Additive couplings against sums written out.
@Suite struct AdditiveCouplingTests {
  private let store = ParameterStore(seed: 3)
  private let part = RandomSource(seed: 4, purpose: .testing).normal([5, 2])
  private let other = RandomSource(seed: 5, purpose: .testing).normal([5, 3])
  private let condition = RandomSource(seed: 6, purpose: .testing).normal([5, 4])

  @Test func movesByItsNetwork() {
    let coupling = AdditiveCoupling(
      store.root, seeing: 3, moving: 2, condition: 4, layers: 2, hidden: 6)
    var layer: [Float] = other.values
    func affine(_ name: String, _ inputs: [Float], _ count: Int) -> [Float] {
      let weight = store["\(name).weight"]?.value.values ?? []
      let bias = store["\(name).bias"]?.value.values ?? []
      let size = weight.count / count
      return (0..<5 * count).map { place in
        let (row, output) = (place / count, place % count)
        return (0..<size).reduce(bias.isEmpty ? 0 : bias[output]) {
          $0 + inputs[row * size + $1] * weight[output * size + $1]
        }
      }
    }
    layer = zip(affine("fc1", layer, 6), affine("condition", condition.values, 6)).map { $0 + $1 }
    layer = affine("fc2", layer.map { max(0, $0) }, 6)
    layer = affine("shift", layer.map { max(0, $0) }, 2)
    let expected = Tensor(zip(part.values, layer).map { $0 + $1 }, shape: [5, 2])
    let moved = coupling.moved(part, seeing: other, condition: condition, in: .float32)
    #expect(Comparison.difference(moved, expected, relative: 1e-5, absolute: 1e-5) == nil)
  }

  @Test(arguments: ElementType.allCases)
  func movesBack(_ type: ElementType) {
    let coupling = AdditiveCoupling(store.root, seeing: 3, moving: 2, layers: 3, hidden: 6)
    let moved = coupling.moved(part, seeing: other, in: type)
    #expect(moved.elementType == .float32 && moved.values != part.values)
    let back = coupling.movedBack(moved, seeing: other, in: type)
    #expect(Comparison.difference(back, part, relative: 1e-6, absolute: 1e-6) == nil)
  }
}
