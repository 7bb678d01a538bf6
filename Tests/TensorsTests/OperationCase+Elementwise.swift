import Tensors

extension OperationCase {
  static let elementwise: [OperationCase] = [
    OperationCase("add", [[3, 4], [3, 4]]) { $0[0] + $0[1] },
    OperationCase("add a row", [[3, 5, 4], [4]]) { $0[0] + $0[1] },
    OperationCase("add a float32 row", [[3, 5, 4], [4]], activations: 1) { $0[0] + $0[1] },
    OperationCase("add a column", [[3, 4], [3, 1]]) { $0[0] + $0[1] },
    OperationCase("add, each broadcasting", [[3, 1, 2], [4, 1]]) { $0[0] + $0[1] },
    OperationCase("subtract", [[2, 3, 4], [3, 1]]) { $0[0] - $0[1] },
    OperationCase("multiply", [[2, 3, 4], [2, 1, 4]]) { $0[0] * $0[1] },
    OperationCase("multiply a scalar", [[2, 3], []]) { $0[0] * $0[1] },
    OperationCase("divide", [[2, 3, 4], [3, 4]], domain: .positive) { $0[0] / $0[1] },
    OperationCase("divide a column", [[1, 4], [3, 1]], domain: .positive) { $0[0] / $0[1] },
    OperationCase("square by itself", [[5]]) { $0[0] * $0[0] },
    OperationCase("negate", [[7]]) { -$0[0] },
    OperationCase("number arithmetic", [[7]]) { (2 - ($0[0] * 3 + 1) / 2) - 1 },
    OperationCase("number divided", [[7]], domain: .positive) { 2 / $0[0] },
    OperationCase("exp", [[40]]) { $0[0].exp() },
    OperationCase("log", [[40]], domain: .positive) { $0[0].log() },
    OperationCase("squared", [[40]]) { $0[0].squared() },
    OperationCase("square root", [[40]], domain: .positive) { $0[0].squareRoot() },
    OperationCase("absolute", [[40]], domain: .offKinks) { $0[0].absolute() },
    OperationCase("clamped", [[40]], domain: .offKinks) { $0[0].clamped(0, 1) },
    OperationCase("tanh", [[40]]) { $0[0].tanh() },
    OperationCase("sigmoid", [[40]]) { $0[0].sigmoid() },
    OperationCase("softplus", [[40]]) { $0[0].softplus() },
    OperationCase("log sigmoid", [[40]]) { $0[0].logSigmoid() },
    OperationCase("relu", [[40]], domain: .offKinks) { $0[0].relu() },
    OperationCase("leaky relu", [[40]], domain: .offKinks) { $0[0].relu(slope: 0.2) },
    OperationCase("elu", [[40]], domain: .offKinks) { $0[0].elu(alpha: 0.7) },
    OperationCase("silu", [[40]]) { $0[0].silu() },
    OperationCase("maximum", [[5, 8]], domain: .distinct) {
      Tensor.maximum($0[0], $0[0].flipped(axis: 1))
    },
    OperationCase("minimum", [[5, 8]], domain: .distinct) {
      Tensor.minimum($0[0], $0[0].flipped(axis: 0).sliced(0..<1, axis: 0))
    },
    OperationCase("select", [[3, 4], [3, 4], [4]]) {
      Tensor.select(
        Tensor([0, 1, 1, 0], shape: [4]).converted(to: $0[0].elementType), $0[0], else: $0[1])
        + $0[2]
    },
    OperationCase("dropout", [[30]]) {
      $0[0].droppedOut(rate: 0.4, RandomSource(seed: 1, purpose: .dropout, index: 3))
    },
  ]
}
