import Tensors
import Testing

/// The same bits come out whatever the number of threads.
@Suite(.serialized) struct ThreadTests {
  private static let random = RandomSource(seed: 21, purpose: .testing)

  private static let cases: [OperationCase] = [
    OperationCase("sum of everything", [[700_003]]) { $0[0].sum() },
    OperationCase("sum of rows", [[30_011, 24]]) { $0[0].sum(axis: 0) },
    OperationCase("sum of wide rows", [[400, 1500]]) { $0[0].sum(axis: 0) },
    OperationCase("sum along rows", [[3001, 211]]) { $0[0].sum(axis: 1) },
    OperationCase("elementwise", [[500_001], [500_001]]) { ($0[0] * $0[1]).tanh() + $0[1].exp() },
    OperationCase("broadcasting", [[20_001, 33], [33]]) { $0[0] * $0[1] },
    OperationCase("softmax", [[20_001, 17]]) { $0[0].softmax() },
    OperationCase("log-sum-exp", [[40, 300, 30]]) { $0[0].logSumExp(axis: 1) },
    OperationCase("group normalisation", [[9, 30, 30, 16], [16], [16]]) {
      $0[0].groupNormalized(groups: 4, scale: $0[1], bias: $0[2])
    },
    OperationCase("layer normalisation", [[20_003, 16], [16], [16]]) {
      $0[0].layerNormalized(scale: $0[1], bias: $0[2])
    },
    OperationCase("dropout", [[300_001]]) { $0[0].droppedOut(rate: 0.5, random) },
    OperationCase("embedding", [[50, 130]]) { input in
      input[0].embedded((0..<4000).map { Int32($0 * 7919 % 50) })
    },
    OperationCase("permuted", [[50, 60, 70]]) { $0[0].permuted([2, 0, 1]) },
  ]

  @Test(arguments: cases)
  func threadsDoNotChangeBits(_ tried: OperationCase) {
    let saved = ThreadPool.threads
    defer { ThreadPool.threads = saved }
    let results = [1, 2, 3, 5].map { threads in
      ThreadPool.threads = threads
      let variables = tried.inputs.map(\.variable)
      let value = tried.operation(variables)
      let weights = RandomSource(seed: 22, purpose: .testing).normal(value.shape)
      let (loss, gradients) = valueAndGradients(of: variables) {
        (tried.operation(variables) * weights).sum()
      }
      return ([value, loss] + gradients.compactMap { $0 }).map { $0.values.map(\.bitPattern) }
    }
    for other in results.dropFirst() { #expect(other == results[0]) }
    #expect(results[0].count == 2 + tried.inputs.count)
  }

  @Test func everyItemRunsOnce() {
    let saved = ThreadPool.threads
    defer { ThreadPool.threads = saved }
    ThreadPool.threads = 4
    let squares = Tensor(repeating: 0, shape: [1000])
    ThreadPool.forEach(1000) { item in
      squares.updateInPlace { $0[item] += Float(item) }
    }
    #expect(squares.values == (0..<1000).map(Float.init))
  }

  /// Operations called from many threads at once do not disturb each other.
  @Test func operationsInsideAParallelRun() {
    let weights = RandomSource(seed: 23, purpose: .testing).normal([8, 6, 3, 3])
    let images = (0..<24).map {
      RandomSource(seed: 24, purpose: .testing).at($0).normal([1, 7, 7, 6])
    }
    @Sendable func work(_ image: Tensor) -> Tensor {
      image.convolved(with: weights).reshaped(to: [25, 8]).softmax().sum(axis: 0)
    }
    let expected = images.map { work($0).values }
    let found = Tensor(repeating: 0, shape: [24, 8])
    let saved = ThreadPool.threads
    defer { ThreadPool.threads = saved }
    ThreadPool.threads = 4
    ThreadPool.forEach(24) { item in
      let values = work(images[item]).values
      found.updateInPlace {
        for (place, value) in values.enumerated() { $0[item * 8 + place] = value }
      }
    }
    for item in 0..<24 {
      let mine = Array(found.values[item * 8..<item * 8 + 8])
      #expect(zip(mine, expected[item]).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }
}
