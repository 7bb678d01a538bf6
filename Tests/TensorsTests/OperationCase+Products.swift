import Tensors

extension OperationCase {
  static let products: [OperationCase] = [
    OperationCase("matrix product", [[3, 4], [4, 5]]) { $0[0].multiplied(by: $0[1]) },
    OperationCase("matrix product, left transposed", [[4, 3], [4, 5]]) {
      $0[0].multiplied(by: $0[1], transposingSelf: true)
    },
    OperationCase("matrix product, right transposed", [[3, 4], [5, 4]]) {
      $0[0].multiplied(by: $0[1], transposingOther: true)
    },
    OperationCase("matrix product, both transposed", [[4, 3], [5, 4]]) {
      $0[0].multiplied(by: $0[1], transposingSelf: true, transposingOther: true)
    },
    OperationCase("linear", [[2, 3, 4], [5, 4], [5]], activations: 1) {
      $0[0].linear(weights: $0[1], bias: $0[2])
    },
    OperationCase("linear, weights used thrice", [[3, 4], [5, 4]], activations: 1) {
      let weights = $0[1]
      let doubled = $0[0].linear(weights: weights) * $0[0].linear(weights: weights * 2)
      return doubled + (weights.squared().sum() * 0.1).converted(to: doubled.elementType)
    },
    OperationCase("linear, masked", [[2, 3, 4], [5, 4], [5]], activations: 1) {
      $0[0].linear(
        weights: $0[1], bias: $0[2],
        mask: LinearMask(ranks: [2, 0, 3, 1], reaches: [0, 1, 2, 3, 4]))
    },
    // Large enough for the product of a few rows that packs no weights.
    OperationCase("linear, large weights", [[7, 166], [102, 166], [102]], activations: 1) {
      $0[0].linear(weights: $0[1], bias: $0[2])
    },
    OperationCase(
      "carried units", [[3, 5, 2], [3, 19], [5, 2, 19], [5, 4, 19]], activations: 0
    ) {
      $0[0].carriedUnitSums(start: $0[1], inputWeights: $0[2], outputWeights: $0[3])
    },
    OperationCase(
      "attention to places before", [[2, 9, 3], [2, 9, 3], [2, 9, 5]], activations: 0
    ) {
      $0[0].attendingBefore(keys: $0[1], values: $0[2])
    },
    // Several vectors of places and of features.
    OperationCase(
      "attention, many places", [[1, 37, 4], [1, 37, 4], [1, 37, 19]], activations: 0
    ) {
      $0[0].attendingBefore(keys: $0[1], values: $0[2])
    },
    OperationCase("gated recurrence", [[3, 5, 21], [21, 7], [7]], activations: 1) {
      $0[0].gatedRecurrence(weights: $0[1], bias: $0[2])
    },
    OperationCase("convolutional memory", [[4, 2, 5, 12], [12, 3, 1, 3]], activations: 1) {
      $0[0].convolutionalMemory(weights: $0[1], left: 1)
    },
    OperationCase(
      "convolutional memory, two taps", [[4, 2, 5, 12], [12, 3, 1, 2]], activations: 1
    ) {
      $0[0].convolutionalMemory(weights: $0[1], left: 1)
    },
    OperationCase("convolution", [[2, 5, 6, 3], [4, 3, 3, 3], [4]], activations: 1) {
      $0[0].convolved(
        with: $0[1], bias: $0[2], geometry: .same(kernel: (height: 3, width: 3)))
    },
    OperationCase("convolution, strided", [[2, 6, 7, 2], [3, 2, 3, 2]], activations: 1) {
      $0[0].convolved(with: $0[1], geometry: .init(top: 1, left: 1, stride: 2))
    },
    OperationCase("convolution, dilated", [[1, 7, 7, 2], [3, 2, 3, 3], [3]], activations: 1) {
      $0[0].convolved(
        with: $0[1], bias: $0[2], geometry: .same(kernel: (height: 3, width: 3), dilation: 2))
    },
    // Enough channels for our own gradient of weights.
    OperationCase("convolution, channels", [[2, 5, 6, 9], [10, 9, 3, 2], [10]], activations: 1) {
      $0[0].convolved(with: $0[1], bias: $0[2], geometry: .init(top: 2, left: 1, stride: 2))
    },
    OperationCase("transposed convolution", [[2, 3, 4, 3], [3, 2, 4, 4], [2]], activations: 1) {
      $0[0].transposedConvolved(
        with: $0[1], bias: $0[2],
        geometry: .init(top: 1, left: 1, bottom: 1, right: 1, stride: 2))
    },
    OperationCase("gate", [[2, 3, 8]]) { $0[0].gated() },
    OperationCase("gate with an addend", [[2, 3, 8], [2, 3, 4]]) { $0[0].gated(adding: $0[1]) },
    OperationCase("gate with a condition", [[2, 3, 3, 8], [2, 8]], activations: 1) {
      $0[0].gated(condition: $0[1])
    },
    OperationCase(
      "convolution with an addend", [[2, 4, 4, 3], [4, 3, 1, 1], [4]], activations: 1
    ) {
      $0[0].convolved(
        with: $0[1], bias: $0[2],
        adding: Tensor(repeating: 0.5, shape: [2, 4, 4, 4], $0[0].elementType))
    },
  ]

  static let all = elementwise + reductions + arrangements + products
}
