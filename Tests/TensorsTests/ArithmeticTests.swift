import Tensors
import Testing

@Suite struct ArithmeticTests {
  @Test func sameShape() {
    let left = Tensor([1, 2, 3, 4], shape: [2, 2])
    let right = Tensor([5, 6, 7, 8], shape: [2, 2])
    #expect((left + right).values == [6, 8, 10, 12])
    #expect((left - right).values == [-4, -4, -4, -4])
    #expect((left * right).values == [5, 12, 21, 32])
    #expect((right / left).values == [5, 3, 7.0 / 3, 2])
  }

  @Test func broadcastAlongEveryAxis() {
    let matrix = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect((matrix + Tensor([10, 20, 30], shape: [3])).values == [11, 22, 33, 14, 25, 36])
    #expect((matrix + Tensor([10, 20], shape: [2, 1])).values == [11, 12, 13, 24, 25, 26])
    #expect((Tensor(1) - matrix).values == [0, -1, -2, -3, -4, -5])
    let cube = Tensor([1, 2], shape: [2, 1, 1]) + Tensor([10, 20], shape: [1, 2, 1])
    #expect(
      (cube + Tensor([100, 200], shape: [2])).values == [111, 211, 121, 221, 112, 212, 122, 222])
  }

  @Test func gradientsUndoBroadcasting() throws {
    let matrix = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]).variable
    let row = Tensor([10, 20, 30], shape: [1, 3]).variable
    let column = Tensor([2, 4], shape: [2, 1]).variable
    let (value, gradients) = valueAndGradients(of: [matrix, row, column]) {
      ((matrix * row - column) / column).sum()
    }
    #expect(value.scalar == 140.0 / 2 + 320.0 / 4 - 6)
    #expect(try #require(gradients[0]).values == [5, 10, 15, 2.5, 5, 7.5])
    #expect(try #require(gradients[1]).values == [1.5, 2.25, 3])
    #expect(try #require(gradients[2]).values == [-140.0 / 4, -320.0 / 16])
  }

  @Test func sumsAlongAxes() {
    let cube = Tensor((0..<24).map(Float.init), shape: [2, 3, 4])
    #expect(cube.sum().scalar == 276)
    #expect(cube.sum(axis: 0).values == (0..<12).map { Float(2 * $0 + 12) })
    #expect(cube.sum(axis: 1, keepingAxis: true).shape == [2, 1, 4])
    #expect(cube.sum(axis: 1).values == [12, 15, 18, 21, 48, 51, 54, 57])
    #expect(cube.sum(axis: -1).values == [6, 22, 38, 54, 70, 86])
    #expect(cube.sum(axes: [0, 2]).values == [60, 92, 124])
    #expect(cube.mean(axes: [0, 2]).values == [7.5, 11.5, 15.5])
    #expect(cube.mean(axes: [0, 1]).values == [10, 11, 12, 13])
  }
}
