import Tensors
import Testing

/// Sums that are left in an operand's memory where nobody else holds it.
@Suite struct AccumulationTests {
  private let image = Tensor((0..<32).map { Float($0) / 8 }, shape: [1, 4, 4, 2])
  private let weights = Tensor([1, 2, 3, 4], shape: [2, 2, 1, 1])

  private func addend() -> Tensor { Tensor((0..<32).map(Float.init), shape: [1, 4, 4, 2]) }

  @Test func anAddendThatIsHeldKeepsItsValues() {
    let held = addend()
    let before = held.values
    let sum = image.convolved(with: weights, adding: held)
    let fresh = image.convolved(with: weights, adding: addend())
    #expect(held.values == before)
    #expect(sum.values == fresh.values)
    #expect(sum.values != before)
  }

  @Test func aViewOfTheAddendKeepsItsValues() {
    var held: Tensor? = addend()
    let view = held?.reshaped(to: [32])
    let before = view?.values
    let taken = held.take()
    let sum = image.convolved(with: weights, adding: taken)
    #expect(view?.values == before)
    #expect(sum.values != before)
  }

  @Test func gradientsThatMeetAreSummedOnce() throws {
    // x reaches the value by five ways, two of which hand on the very same gradient.
    let x = addend().variable
    let (_, gradients) = valueAndGradients(of: [x]) {
      let sum = x + x
      let convolved = image.convolved(with: weights, adding: x)
      return (sum + convolved + x * 3).sum()
    }
    #expect(try #require(gradients[0]).values == [Float](repeating: 6, count: 32))
  }
}
