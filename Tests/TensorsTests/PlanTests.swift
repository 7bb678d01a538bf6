import Dispatch
import Synchronization
import Tensors
import TestSupport
import Testing

/// Plans of convolutions, as they are made.
@Suite struct PlanTests {
  /// Threads that describe convolutions of both element types at once do not disturb each other.
  @Test(.enabled(if: ElementType.fastest != .float32))
  func plansMadeAtOnceAreThoseMadeAlone() {
    let random = RandomSource(seed: 43, purpose: .testing)
    let image = random.at(0).normal([1, 7, 1, 3])
    let weights = random.at(1).normal([8, 3, 3, 7])
    let geometry = ConvolutionGeometry(top: 3, left: 3, bottom: -1, right: 3)
    @Sendable func convolved(_ count: Int, _ type: ElementType) -> [Float] {
      Tensor.concatenated([Tensor](repeating: image, count: count), axis: 0).converted(to: type)
        .convolved(with: weights, geometry: geometry).converted(to: .float32).values
    }
    let alone = convolved(1, .float32)
    let wrong = Mutex<[String]>([])
    // Every number of images is a plan of its own.
    DispatchQueue.concurrentPerform(iterations: 256) { index in
      let (count, type) = (2 + index / 2, index % 2 == 0 ? ElementType.float32 : .bfloat16)
      let expected = Array([[Float]](repeating: alone, count: count).joined())
      let difference = Comparison.difference(
        convolved(count, type), expected, absolute: type == .float32 ? 1e-4 : 0.2)
      if let difference {
        wrong.withLock { $0.append("\(count) images of \(type): \(difference)") }
      }
    }
    #expect(wrong.withLock { $0 } == [])
  }
}

/// Products whose rows do not depend on how many there are.
@Suite struct RowTests {
  /// What a trial with random numbers says holds for other numbers, rows that lie apart, and sums that go on.
  @Test(arguments: Set<ElementType>([.float32, .fastest]))
  func aPartComesOutAsInTheWhole(_ type: ElementType) throws {
    let random = RandomSource(seed: 3, purpose: .testing)
    let (rows, times, inner, columns) = (16, 4, 40, 24)
    func product(_ rows: Int) -> PackedProduct {
      PackedProduct(
        weights: random.normal([columns, inner]), bias: random.at(1).normal([columns]), rows: rows,
        sourceStride: inner + 8, targetStride: columns, type, accumulating: true)
    }
    let (part, whole) = (product(rows), product(times * rows))
    #expect(whole.equalsPart(timesAsManyRows: 1))
    guard part.equalsPart(timesAsManyRows: times) else { return }
    let source = Slab(times * rows * (inner + 8), type)
    source.fill(with: random.at(2).normal([source.count]))
    let targets = (0..<2).map { _ in Slab(times * rows * columns, type) }
    for target in targets { target.fill(with: random.at(3).normal([target.count])) }
    whole.run(source, into: targets[0])
    for place in 0..<times {
      part.run(
        source, from: place * rows * (inner + 8), into: targets[1], at: place * rows * columns)
    }
    let values = targets.map {
      SlabRows($0, stride: columns).tensor(rows: times * rows, columns: columns).values
    }
    #expect(values[0].map(\.bitPattern) == values[1].map(\.bitPattern))
  }
}
