import Tensors
import Testing

@Suite struct BufferPoolTests {
  @Test func memoryIsUsedAgain() {
    let pool = BufferPool.shared
    let first = pool.take(byteCount: 1000)
    let second = pool.take(byteCount: 1000)
    #expect(first.pointer != second.pointer)
    #expect(Int(bitPattern: first.pointer) % 64 == 0)
    first.pointer.storeBytes(of: 7, toByteOffset: 992, as: Int.self)
    second.pointer.storeBytes(of: 8, toByteOffset: 992, as: Int.self)
    #expect(first.pointer.load(fromByteOffset: 992, as: Int.self) == 7)
  }

  /// After a first step, the next ones take nothing from the system.
  @Test func steadyWorkTakesNoFreshMemory() {
    // Sizes that no other test uses.
    let shape: Shape = [977, 1013]
    let input = RandomSource(seed: 31, purpose: .testing).normal(shape)
    func step() -> Float {
      let variable = input.variable
      let (value, gradients) = valueAndGradients(of: [variable]) {
        (variable * variable + variable).tanh().sum()
      }
      return value.scalar + (gradients[0]?.sum().scalar ?? .nan)
    }
    let first = step()
    let before = BufferPool.shared.bytesFromSystem
    for _ in 0..<10 { #expect(step() == first) }
    // Other tests run beside this one, but ten steps of this size would take 150 megabytes.
    #expect(BufferPool.shared.bytesFromSystem - before < 100 << 20)
  }
}
