import Layers
import Tensors
import TestSupport
import Testing

/// Layers against sums written out.
@Suite struct LayerTests {
  @Test(arguments: [
    CausalConvolution.Reach.above, .aboveAndHere, .left, .leftAndHere,
  ])
  func causalKernelsReachWhatTheySay(_ reach: CausalConvolution.Reach) {
    let isRow = reach == .left || reach == .leftAndHere
    for (width, dilation) in [(1, 1), (2, 1), (3, 1), (5, 1), (7, 1), (3, 2), (2, 3), (5, 2)] {
      for height in isRow ? [1] : [1, 2, 3] {
        let store = ParameterStore(seed: 3)
        let layer = Convolution(
          store.root, 2, 3, reach: reach, kernel: (height, width), dilation: dilation)
        shake(store)
        // From the output's place to the kernel's first row and column.
        let first: (Int, Int) =
          switch reach {
          case .above: (-1 - (height - 1) * dilation, -(width / 2) * dilation)
          case .aboveAndHere: ((1 - height) * dilation, -(width / 2) * dilation)
          case .left: (0, -1 - (width - 1) * dilation)
          case .leftAndHere: (0, (1 - width) * dilation)
          }
        let x = random([2, 4, 6, 2])
        let expected = naive(x, layer) { row, column, y, x in
          (row + first.0 + y * dilation, column + first.1 + x * dilation)
        }
        let difference = Comparison.difference(layer(x), expected, relative: 1e-5, absolute: 1e-5)
        #expect(difference == nil, "kernel \(height)x\(width), dilation \(dilation)")
      }
    }
  }

  @Test func placesAreRowsPlusColumns() {
    let store = ParameterStore(seed: 6)
    let place = PositionalEmbedding(store.root, height: 2, width: 3, channels: 4)
    #expect(place.table.values.allSatisfy { $0 == 0 })
    shake(store)
    let (rows, columns) = (place.rows.value.values, place.columns.value.values)
    var one: [Float] = []
    for row in 0..<2 {
      for column in 0..<3 {
        for channel in 0..<4 { one.append(rows[row * 4 + channel] + columns[column * 4 + channel]) }
      }
    }
    let two = place(images: 2, .float32)
    #expect(two.shape == [2, 2, 3, 4])
    #expect(two.values == one + one)
  }

  @Test func plainConvolution() {
    let store = ParameterStore(seed: 4)
    let layer = Convolution(store.root, 3, 4, kernel: (3, 5))
    shake(store)
    let x = random([2, 5, 6, 3])
    let expected = naive(x, layer) { row, column, y, x in (row + y - 1, column + x - 2) }
    #expect(Comparison.difference(layer(x), expected, absolute: 1e-5) == nil)
    let addend = random([2, 5, 6, 4])
    #expect(
      Comparison.difference(layer(x, adding: addend), expected + addend, absolute: 1e-5) == nil)
  }

  @Test func linear() {
    let store = ParameterStore(seed: 5)
    let layer = Linear(store.root / "fc", 5, 3)
    shake(store)
    let x = random([4, 2, 5])
    let (values, weights) = (x.values, layer.weight.value.values)
    let bias = layer.bias?.value.values ?? []
    var expected: [Float] = []
    for row in 0..<8 {
      for output in 0..<3 {
        var sum = bias[output]
        for input in 0..<5 { sum += values[row * 5 + input] * weights[output * 5 + input] }
        expected.append(sum)
      }
    }
    #expect(
      Comparison.difference(layer(x), Tensor(expected, shape: [4, 2, 3]), absolute: 1e-5) == nil)
    #expect(Linear(store.root / "free", 2, 2, bias: false).bias == nil)
  }

  @Test func namesAndSeeds() {
    func weights(_ seed: UInt64) -> [Float] {
      Linear(ParameterStore(seed: seed).root / "fc", 20, 30).weight.value.values
    }
    #expect(weights(1) == weights(1))
    #expect(weights(1) != weights(2))
    let store = ParameterStore(seed: 1)
    _ = Linear(store.root / "encoder.fc1", 2, 3)
    _ = Linear(store.root / "encoder.fc10" / "a", 2, 3, bias: false)
    #expect(
      store.parameters.map(\.name) == [
        "encoder.fc1.weight", "encoder.fc1.bias", "encoder.fc10.a.weight",
      ])
    #expect((store.root / "encoder.fc1").parameters.count == 2)
    #expect(store.valueCount == 15)
    #expect(store["encoder.fc1.bias"]?.value.values == [0, 0, 0])
    #expect(store["decoder"] == nil)
  }

  @Test func firstValuesKeepSpread() {
    let store = ParameterStore(seed: 6)
    let layer = Linear(store.root, 400, 300, gain: 2)
    let values = layer.weight.value.values
    let mean = values.reduce(0, +) / Float(values.count)
    let variance = values.reduce(0) { $0 + $1 * $1 } / Float(values.count)
    #expect(abs(mean) < 0.002)
    #expect(abs(variance * 400 / 4 - 1) < 0.02)
    #expect(values.allSatisfy { abs($0) <= 2.00001 * Float(3.0 / 400).squareRoot() })
    let normal = store.root.parameter("normal", [40_000], .normal(deviation: 0.5)).value.values
    #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / 40_000 - 0.25) < 0.01)
  }

  private func random(_ shape: Shape) -> Tensor {
    RandomSource(seed: 8, purpose: .testing).normal(shape)
  }

  private func shake(_ store: ParameterStore) {
    for (index, parameter) in store.parameters.enumerated() {
      parameter.assign(
        RandomSource(seed: 9, purpose: .testing).at(index).normal(parameter.value.shape))
    }
  }

  /// The convolution written out; `source` gives the row and column that a tap reads.
  private func naive(
    _ x: Tensor, _ layer: Convolution, source: (Int, Int, Int, Int) -> (Int, Int)
  ) -> Tensor {
    let (values, weights, shape) = (x.values, layer.weight.value.values, layer.weight.value.shape)
    let bias = layer.bias?.value.values ?? []
    let (images, height, width, inputs) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let taps = (0..<shape[2]).flatMap { y in (0..<shape[3]).map { (y, $0) } }
    var result: [Float] = []
    for place in 0..<images * height * width {
      let (image, row, column) = (
        place / (height * width), place / width % height, place % width
      )
      for output in 0..<shape[0] {
        var sum = bias.isEmpty ? 0 : Double(bias[output])
        for (y, x) in taps {
          let (r, c) = source(row, column, y, x)
          guard (0..<height).contains(r), (0..<width).contains(c) else { continue }
          for input in 0..<inputs {
            let value = values[((image * height + r) * width + c) * inputs + input]
            let weight = weights[((output * inputs + input) * shape[2] + y) * shape[3] + x]
            sum += Double(value) * Double(weight)
          }
        }
        result.append(Float(sum))
      }
    }
    return Tensor(result, shape: [images, height, width, shape[0]])
  }
}
