import Tensors
import TestSupport
import Testing

/// Values and gradients against PyTorch's.
@Suite struct ReferenceTests {
  private let references: ReferenceArrays

  init() throws { references = try ReferenceArrays() }

  private let layer = ["input", "kernel", "bias"]

  @Test func convolutions() throws {
    let same = ConvolutionGeometry.same(kernel: (height: 3, width: 3))
    #expect(
      try references.differences("convolution", layer) {
        $0[0].convolved(with: $0[1], bias: $0[2], geometry: same)
      } == [])
    let strided = ConvolutionGeometry(top: 1, left: 1, bottom: 1, right: 1, stride: 2)
    #expect(
      try references.differences("convolution/strided", layer) {
        $0[0].convolved(with: $0[1], bias: $0[2], geometry: strided)
      } == [])
    let dilated = ConvolutionGeometry.same(kernel: (height: 3, width: 3), dilation: 2)
    #expect(
      try references.differences("convolution/dilated", ["input", "kernel"]) {
        $0[0].convolved(with: $0[1], geometry: dilated)
      } == [])
    #expect(
      try references.differences("convolution/transposed", layer) {
        $0[0].transposedConvolved(with: $0[1], bias: $0[2], geometry: strided)
      } == [])
  }

  @Test func linear() throws {
    #expect(
      try references.differences("linear", ["input", "matrix", "bias"]) {
        $0[0].linear(weights: $0[1], bias: $0[2])
      } == [])
  }

  @Test func normalisation() throws {
    let names = ["input", "scale", "bias"]
    #expect(
      try references.differences("layer_norm", names) {
        $0[0].layerNormalized(scale: $0[1], bias: $0[2])
      } == [])
    #expect(
      try references.differences("group_norm", names) {
        $0[0].groupNormalized(groups: 3, scale: $0[1], bias: $0[2])
      } == [])
  }

  /// A function of one tensor and its name in the references.
  struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let apply: @Sendable (Tensor) -> Tensor
    var testDescription: String { name }
  }

  private static let functions = [
    Function(name: "softmax") { $0.softmax() },
    Function(name: "log_softmax") { $0.logSoftmax() },
    Function(name: "logsumexp") { $0.logSumExp(axis: 1) },
    Function(name: "tanh") { $0.tanh() },
    Function(name: "sigmoid") { $0.sigmoid() },
    Function(name: "softplus") { $0.softplus() },
    Function(name: "relu") { $0.relu() },
    Function(name: "silu") { $0.silu() },
    Function(name: "elu") { $0.elu() },
    Function(name: "leaky_relu") { $0.relu(slope: 0.2) },
    Function(name: "logsigmoid") { $0.logSigmoid() },
    Function(name: "exp") { $0.exp() },
  ]

  @Test(arguments: functions)
  func functionsOfOneTensor(_ function: Function) throws {
    let found = try references.differences(function.name, absolute: 1e-6) { function.apply($0[0]) }
    #expect(found == [])
  }

  @Test func losses() throws {
    let targets = try references("bce_with_logits/targets")
    #expect(
      try references.differences("bce_with_logits", absolute: 1e-6) {
        $0[0].sigmoidCrossEntropy(targets)
      } == [])
    let classes = try references("cross_entropy/targets").values.map { Int32($0) }
    #expect(
      try references.differences("cross_entropy", absolute: 1e-6) {
        $0[0].softmaxCrossEntropy(classes)
      } == [])
  }

  /// PyTorch's `GRU` and `LSTM`, and loops of its own.
  @Test func sequences() throws {
    #expect(
      try references.differences("gated_recurrence", ["input", "matrix", "bias"]) {
        $0[0].gatedRecurrence(weights: $0[1], bias: $0[2])
      } == [])
    #expect(
      try references.differences("memory", ["input", "matrix"]) {
        $0[0].convolutionalMemory(weights: $0[1], left: 0)
      } == [])
    #expect(
      try references.differences("convolutional_memory", ["input", "kernel"]) {
        $0[0].convolutionalMemory(weights: $0[1], left: 1)
      } == [])
    #expect(
      try references.differences("carried_units", ["input", "start", "matrix", "outputs"]) {
        $0[0].carriedUnitSums(start: $0[1], inputWeights: $0[2], outputWeights: $0[3])
      } == [])
  }

  @Test func attention() throws {
    #expect(
      try references.differences("attention", ["input", "keys", "values"]) {
        $0[0].attendingBefore(keys: $0[1], values: $0[2])
      } == [])
  }

  @Test(
    arguments: [("adam", 0.01, 0.99, 0), ("adamw", 0.02, 0.999, 0.1)]
      as [(String, Float, Float, Float)])
  func optimizers(name: String, learningRate: Float, beta2: Float, weightDecay: Float) throws {
    let gradients = try references("\(name)/gradients")
    let path = try references("\(name)/path")
    let parameter = try references("\(name)/start").copied
    let moments = (Tensor(repeating: 0, shape: [12]), Tensor(repeating: 0, shape: [12]))
    for step in 0..<gradients.shape[0] {
      // In two pieces, as threads share a long parameter.
      for range in [0..<5, 5..<12] {
        parameter.updateByAdam(
          gradient: gradients.sliced(step..<(step + 1), axis: 0).reshaped(to: [12]),
          firstMoment: moments.0, secondMoment: moments.1, learningRate: learningRate, beta1: 0.9,
          beta2: beta2, epsilon: 1e-8, weightDecay: weightDecay, gradientScale: 1, step: step + 1,
          range: range)
      }
      let expected = path.sliced(step..<(step + 1), axis: 0).reshaped(to: [12])
      #expect(Comparison.difference(parameter, expected, relative: 1e-5, absolute: 1e-6) == nil)
    }
  }
}
