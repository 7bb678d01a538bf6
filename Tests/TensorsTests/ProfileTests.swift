import Tensors
import Testing

@Suite struct ProfileTests {
  @Test func operationsAreCountedWithWhatTheyDid() throws {
    Profile.start()
    let image = Tensor(repeating: 1, shape: [3, 5, 7, 11])
    let weights = Tensor(repeating: 1, shape: [13, 11, 1, 1])
    let before = runs(of: "unary")
    for _ in 0..<4 { _ = image.convolved(with: weights).tanh() }
    #expect(runs(of: "unary") >= before + 4)
    let entry = try #require(
      Profile.entries.first {
        $0.name == "convolution, 3x5x7x11 to 5x7x13, 1x1 taps, float32" && $0.implementation != nil
      })
    #expect(entry.runs == 4)
    #expect(entry.floatingPointOperations == 4 * 2 * 3 * 5 * 7 * 11 * 13)
    #expect(entry.bytes == 4 * 4 * (3 * 5 * 7 * (11 + 13) + 11 * 13))
    #expect(entry.seconds > 0)
  }

  @Test func aPeakIsMeasured() {
    // No processor of this century is slower, none of today faster.
    #expect((1e8...1e14).contains(Profile.peak(.float32, seconds: 0.02)))
  }

  private func runs(of name: String) -> Int {
    Profile.entries.first { $0.name == name }?.runs ?? 0
  }
}
