import Tensors

extension OperationCase {
  static let reductions: [OperationCase] = [
    OperationCase("sum", [[3, 4]]) { $0[0].sum() },
    OperationCase("mean", [[3, 4]]) { $0[0].mean() },
    OperationCase("sum of the first axis", [[3, 4, 5]]) { $0[0].sum(axis: 0) },
    OperationCase("sum of a middle axis", [[3, 4, 5]]) { $0[0].sum(axis: 1, keepingAxis: true) },
    OperationCase("sum of the last axis", [[3, 4, 5]]) { $0[0].sum(axis: -1, as: .float32) },
    OperationCase("sum of apart axes", [[3, 4, 5, 2]]) { $0[0].sum(axes: [0, 2]) },
    OperationCase("mean of neighbouring axes", [[2, 3, 4, 2]]) { $0[0].mean(axes: [1, 2]) },
    OperationCase("max of the last axis", [[4, 6]], domain: .distinct) { $0[0].max(axis: -1) },
    OperationCase("max of the first axis", [[4, 6]], domain: .distinct) { $0[0].max(axis: 0) },
    OperationCase("min", [[4, 6]], domain: .distinct) { $0[0].min(axis: 0, keepingAxis: true) },
    OperationCase("log-sum-exp of the last axis", [[4, 6]]) { $0[0].logSumExp(axis: -1) },
    OperationCase("log-sum-exp of a middle axis", [[2, 4, 3]]) { $0[0].logSumExp(axis: 1) },
    OperationCase("softmax", [[4, 6]]) { $0[0].softmax() },
    OperationCase("log-softmax", [[2, 3, 6]]) { $0[0].logSoftmax() },
    OperationCase("softmax cross-entropy", [[2, 2, 5]]) {
      $0[0].softmaxCrossEntropy([0, 4, 2, 2])
    },
    OperationCase("sigmoid cross-entropy", [[3, 4]]) {
      $0[0].sigmoidCrossEntropy(Tensor((0..<12).map { Float($0 % 3) / 2 }, shape: [3, 4]))
    },
    OperationCase("layer normalisation", [[6, 8]]) { $0[0].layerNormalized() },
    OperationCase("layer normalisation, learnt", [[2, 3, 8], [8], [8]], activations: 1) {
      $0[0].layerNormalized(scale: $0[1], bias: $0[2])
    },
    OperationCase("group normalisation", [[2, 3, 3, 8], [8], [8]], activations: 1) {
      $0[0].groupNormalized(groups: 4, scale: $0[1], bias: $0[2])
    },
    OperationCase("group normalisation, one group", [[3, 4, 6], [6]], activations: 1) {
      $0[0].groupNormalized(groups: 1, bias: $0[1])
    },
  ]

  static let arrangements: [OperationCase] = [
    OperationCase("broadcast", [[3, 1]]) { $0[0].broadcast(to: [2, 3, 4]) },
    OperationCase("reshaped", [[3, 4]]) { $0[0].reshaped(to: [2, 6]).squared() },
    OperationCase("concatenated, first axis", [[1, 3], [2, 3]]) {
      Tensor.concatenated($0, axis: 0)
    },
    OperationCase("concatenated, last axis", [[2, 2, 3], [2, 2, 1], [2, 2, 2]]) {
      Tensor.concatenated($0, axis: -1)
    },
    OperationCase("sliced, middle axis", [[2, 5, 3]]) { $0[0].sliced(1..<3, axis: 1) },
    OperationCase("split", [[3, 6]]) {
      let parts = $0[0].split(into: 3, axis: 1)
      return parts[0] * parts[2] + parts[1]
    },
    OperationCase("padded", [[2, 3, 2]]) { $0[0].padded(before: 2, after: 1, axis: 1) },
    OperationCase("shifted", [[2, 4, 2]]) {
      $0[0].shifted(by: 1, axis: 1) + $0[0].shifted(by: -2, axis: 1).squared()
    },
    OperationCase("permuted", [[2, 3, 4, 2]]) { $0[0].permuted([2, 0, 3, 1]) },
    OperationCase("transposed", [[3, 4]]) { $0[0].transposed() },
    OperationCase("flipped", [[2, 3, 4]]) { $0[0].flipped(axis: 1) },
    OperationCase("deinterleaved", [[2, 5]]) {
      let (even, odd) = $0[0].deinterleaved()
      return even.squared().sliced(0..<2, axis: 1) * odd
    },
    OperationCase("interleaved", [[2, 3], [2, 2]]) { Tensor.interleaved($0[0], $0[1]) },
    OperationCase("embedded", [[4, 3]]) { $0[0].embedded([1, 3, 1, 0, 1]) },
  ]
}
