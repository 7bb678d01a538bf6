import Tensors
import TestSupport
import Testing

/// Missing values that are filled from the known ones around them.
@Suite struct SurroundingsTests {
  private static let image = RandomSource(seed: 3, purpose: .testing).normal([2, 7, 5, 3])

  @Test func keepsWhatIsKnown() {
    let missing = (0..<70).map { $0 % 3 == 0 }
    let filled = Self.image.filledFromSurroundings(missing: missing).values
    for (place, value) in Self.image.values.enumerated() where !missing[place / 3] {
      #expect(filled[place] == value)
    }
    #expect(filled.allSatisfy { $0.isFinite && abs($0) < 5 })
  }

  /// What is missing is not read; images do not depend on each other.
  @Test func readsNothingElse() {
    let missing = (0..<70).map { $0 < 35 ? $0 % 2 == 0 : $0 % 7 < 5 }
    var changed = Self.image.values
    for place in changed.indices where missing[place / 3] { changed[place] = .nan }
    let filled = Self.image.filledFromSurroundings(missing: missing).values
    #expect(
      Tensor(changed, shape: [2, 7, 5, 3]).filledFromSurroundings(missing: missing).values == filled
    )
    let second = Self.image.sliced(1..<2, axis: 0)
    #expect(
      second.filledFromSurroundings(missing: Array(missing[35...])).values == Array(filled[105...]))
  }

  /// A hole in an even area is filled evenly; of a wholly missing image nothing is expected.
  @Test func evenAreas() {
    let even = Tensor(repeating: 0.25, shape: [1, 6, 6, 1])
    let hole = (0..<36).map { (2...4).contains($0 / 6) && $0 % 6 > 0 }
    for value in even.filledFromSurroundings(missing: hole).values {
      #expect(abs(value - 0.25) < 1e-6)
    }
    let all = [Bool](repeating: true, count: 36)
    #expect(even.filledFromSurroundings(missing: all).values.allSatisfy { $0 == 0 })
  }

  /// A hole between dark and bright lies between them, and rises from one to the other.
  @Test func slopes() {
    let columns = Tensor((0..<64).map { $0 % 8 < 2 ? 0 : 1 }, shape: [1, 8, 8, 1])
    let hole = (0..<64).map { (2..<6).contains($0 % 8) }
    let row = Array(columns.filledFromSurroundings(missing: hole).values[24..<32])
    #expect(row == row.sorted())
    #expect(row[2] > 0 && row[2] < 0.5 && row[5] > 0.5 && row[5] < 1)
  }
}
