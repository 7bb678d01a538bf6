import Tensors
import Testing

/// The gate in bfloat16, which has a kernel of its own on some processors, beside the one in float32.
@Suite struct GateTests {
  /// Values over the whole range of both halves, in rows of so many channels.
  private func input(channels: Int, range: Float) -> Tensor {
    let rows = 40
    let noise = RandomSource(seed: 3, purpose: .dropout).uniforms(rows * 2 * channels)
    return Tensor(noise.map { (2 * $0 - 1) * range }, shape: [rows, 2 * channels])
      .converted(to: .bfloat16)
  }

  @Test(arguments: [3, 16, 21, 48], [Float(1), 8, 100])
  func agreesWithFloat32(channels: Int, range: Float) throws {
    let narrow = input(channels: channels, range: range)
    let wide = narrow.converted(to: .float32)
    let condition = Tensor(
      (0..<80 * channels).map { Float($0 % 7) / 7 }, shape: [40, 2 * channels])
    func both(_ input: Tensor) throws -> (value: [Float], gradient: [Float]) {
      let variable = input.variable
      var value: [Float] = []
      let (_, gradients) = valueAndGradients(of: [variable]) {
        let gated = variable.gated(condition: condition)
        value = gated.values
        return gated.converted(to: .float32).sum()
      }
      return (value, try #require(gradients[0]).values)
    }
    let (got, expected) = (try both(narrow), try both(wide))
    for (got, expected) in zip(got.value + got.gradient, expected.value + expected.gradient) {
      #expect(abs(got - expected) <= abs(expected) * 0x1p-8 + 1e-6)
    }
  }

  @Test(arguments: ElementType.allCases)
  func extremesStayFiniteAndNaNStays(_ type: ElementType) {
    let edges = Tensor(
      [-.infinity, 1e30, .infinity, .nan, 1, .infinity, -.infinity, 0, 1, .nan], shape: [1, 10])
    let values = edges.converted(to: type).gated().values
    #expect(values[0] == -1 && abs(values[1]) < 1e-17 && values[2] == 0.5)
    #expect(values[3].isNaN && values[4].isNaN)
  }
}
