import Tensors
import Testing

/// Joining, cutting and rearranging: values against what is written out by hand.
@Suite struct StructureTests {
  private let matrix = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])

  @Test(arguments: ElementType.allCases)
  func joining(_ type: ElementType) {
    let matrix = matrix.converted(to: type)
    let wide = Tensor.concatenated([matrix, matrix.sliced(1..<2, axis: 1)], axis: 1)
    #expect(wide.values == [1, 2, 3, 2, 4, 5, 6, 5])
    #expect(wide.elementType == type)
    #expect(Tensor.concatenated([matrix, matrix], axis: 0).shape == [4, 3])
    #expect(matrix.sliced(1..<2, axis: 0).values == [4, 5, 6])
    #expect(matrix.split(into: 3, axis: -1).map(\.values) == [[1, 4], [2, 5], [3, 6]])
  }

  @Test(arguments: ElementType.allCases)
  func paddingAndShifting(_ type: ElementType) {
    let matrix = matrix.converted(to: type)
    #expect(
      matrix.padded(before: 1, after: 2, axis: 1).values == [0, 1, 2, 3, 0, 0, 0, 4, 5, 6, 0, 0])
    #expect(matrix.padded(before: 0, after: 1, axis: 0).values == [1, 2, 3, 4, 5, 6, 0, 0, 0])
    #expect(matrix.shifted(by: 1, axis: 1).values == [0, 1, 2, 0, 4, 5])
    #expect(matrix.shifted(by: -2, axis: 1).values == [3, 0, 0, 6, 0, 0])
    #expect(matrix.shifted(by: 1, axis: 0).values == [0, 0, 0, 1, 2, 3])
    #expect(matrix.shifted(by: 9, axis: 1).values == [0, 0, 0, 0, 0, 0])
  }

  @Test(arguments: ElementType.allCases)
  func rearranging(_ type: ElementType) {
    let matrix = matrix.converted(to: type)
    #expect(matrix.transposed().values == [1, 4, 2, 5, 3, 6])
    #expect(matrix.flipped(axis: 0).values == [4, 5, 6, 1, 2, 3])
    #expect(matrix.flipped(axis: 1).values == [3, 2, 1, 6, 5, 4])
    let cube = Tensor((0..<24).map(Float.init), shape: [2, 3, 4]).converted(to: type)
    let turned = cube.permuted([2, 0, 1])
    #expect(turned.shape == [4, 2, 3])
    for (i, j, k) in [(0, 0, 0), (3, 1, 2), (1, 0, 2), (2, 1, 0)] {
      #expect(turned.values[(i * 2 + j) * 3 + k] == Float((j * 3 + k) * 4 + i))
    }
    #expect(turned.permuted([1, 2, 0]).values == cube.values)
  }

  @Test(arguments: ElementType.allCases)
  func interleaving(_ type: ElementType) {
    let (even, odd) = matrix.converted(to: type).deinterleaved()
    #expect(even.shape == [2, 2] && even.values == [1, 3, 4, 6])
    #expect(odd.shape == [2, 1] && odd.values == [2, 5])
    for size in 2...7 {
      let row = Tensor((0..<3 * size).map(Float.init), shape: [3, 1, size]).converted(to: type)
      let (even, odd) = row.deinterleaved()
      let together = Tensor.interleaved(even, odd)
      #expect(together.shape == row.shape && together.values == row.values)
    }
  }

  @Test func choosing() {
    let mask = Tensor([1, 0, 1], shape: [3])
    let broken = Tensor([1, .nan, 3], shape: [3])
    #expect(
      Tensor.select(mask, broken, else: Tensor(repeating: 7, shape: [3])).values == [1, 7, 3])
    #expect(matrix.less(than: Tensor(3.5)).values == [1, 1, 1, 0, 0, 0])
    #expect(matrix.atMost(Tensor(3)).values == [1, 1, 1, 0, 0, 0])
    #expect(Tensor.maximum(matrix, Tensor(4)).values == [4, 4, 4, 4, 5, 6])
    #expect(matrix.clamped(2, 5).values == [2, 2, 3, 4, 5, 5])
  }

  @Test func extremes() {
    let tensor = Tensor([3, 9, 2, 7, 9, 1], shape: [2, 3])
    #expect(tensor.max(axis: 1).values == [9, 9])
    #expect(tensor.min(axis: 0).values == [3, 9, 1])
    #expect(tensor.argmax() == [1, 1])
    #expect(Tensor([5, 5, 1], shape: [1, 3]).argmax() == [0])
  }

  @Test func lookingUp() {
    let rows = matrix.embedded([1, 0, 1])
    #expect(rows.values == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(Tensor.oneHot([2, 0], classes: 3).values == [0, 0, 1, 1, 0, 0])
  }

  @Test func bfloat16RoundsToNearestEven() {
    // One bfloat16 step at 1 is 2^-7; halves go to the even neighbour.
    let tensor = Tensor([1, 1 + 0x1p-8, 1 + 3 * 0x1p-8, 1 + 0x1.8p-8, -0.1], shape: [5])
    let rounded = tensor.converted(to: .bfloat16).values
    #expect(rounded[..<4] == [1, 1, 1 + 0x1p-6, 1 + 0x1p-7])
    #expect(abs(rounded[4] + 0.1) < 0.1 / 256)
    #expect(Tensor([.nan, .infinity], shape: [2]).converted(to: .bfloat16).values[0].isNaN)
  }

  @Test func summingRowsOfATable() {
    let table = Tensor((0..<400).map { Float($0 % 7) }, shape: [4, 100])
    let rows: [Int32] = (0..<37).map { $0 % 3 }
    let sums = table.summedRows(rows)
    let values = table.values
    #expect(
      sums
        == (0..<100).map { column in
          rows.reduce(0.0) { $0 + Double(values[Int($1) * 100 + column]) }
        })
    #expect(table.summedRows([]) == [Double](repeating: 0, count: 100))
  }
}
