import Layers
import Platform
import Tensors
import Testing

/// Normalisation, embedding and the transposed convolution as layers: names, shapes and first values.
@Suite struct DecoderLayerTests {
  private let random = RandomSource(seed: 21, purpose: .testing)

  @Test func freshNormalizationGivesMeanZeroAndVarianceOne() {
    let store = ParameterStore()
    let layer = LayerNormalization(store.root / "layer", channels: 12)
    let group = GroupNormalization(store.root / "group", channels: 12, groups: 3)
    #expect(
      store.parameters.map(\.name) == [
        "layer.weight", "layer.bias", "group.weight", "group.bias",
      ])
    let x = random.normal([2, 3, 5, 12]) * 3 + 1
    let rows = layer(x).values
    for row in 0..<30 { checkStandard(rows[row * 12..<(row + 1) * 12]) }
    let grouped = group(x).values
    for image in 0..<2 {
      for number in 0..<3 {
        checkStandard(
          (0..<15 * 12).filter { $0 % 12 / 4 == number }.map { grouped[image * 180 + $0] }[...])
      }
    }
  }

  @Test func scaleAndBiasOfNormalizationAreApplied() {
    let store = ParameterStore()
    let layer = LayerNormalization(store.root, channels: 4)
    let x = random.normal([3, 4])
    let plain = layer(x).values
    layer.scale.assign(Tensor([1, 2, 3, 4], shape: [4]))
    layer.bias.assign(Tensor([10, 20, 30, 40], shape: [4]))
    for (index, value) in layer(x).values.enumerated() {
      let channel = Float(index % 4 + 1)
      #expect(abs(value - (plain[index] * channel + 10 * channel)) < 1e-4)
    }
  }

  @Test func embeddingLooksRowsUp() {
    let layer = Embedding(ParameterStore().root, entries: 5, dimensions: 3)
    let table = layer.weight.value.values
    #expect(layer([4, 0, 4]).values == Array(table[12..<15] + table[0..<3] + table[12..<15]))
  }

  /// <conv(x), y> = <x, transposed(y)> for every x and y: one is the other's transpose.
  @Test func transposedConvolutionIsTheTransposeOfTheConvolution() {
    let geometry = ConvolutionGeometry(top: 1, left: 1, bottom: 1, right: 1, stride: 2)
    let store = ParameterStore()
    let down = Convolution(
      store.root / "down", 3, 4, kernel: (3, 3), geometry: geometry, bias: false)
    let up = TransposedConvolution(
      store.root / "up", 4, 3, kernel: (3, 3), geometry: geometry, bias: false)
    up.weight.assign(down.weight.value)
    let x = random.normal([2, 8, 6, 3])
    let y = random.at(1).normal([2, 4, 3, 4])
    let left = (down(x) * y).sum().scalar
    let right = (x * up(y, outputSize: (8, 6))).sum().scalar
    #expect(abs(left - right) < 1e-3 * max(1, abs(left)))
    #expect(up(y).shape == [2, 7, 5, 3])
  }

  private func checkStandard(_ values: ArraySlice<Float>) {
    let mean = values.reduce(0, +) / Float(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
    #expect(abs(mean) < 1e-4 && abs(variance - 1) < 1e-3)
  }
}
