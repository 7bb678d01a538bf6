import Platform
import Tensors
import TestSupport
import Testing

/// The vectorised elementary functions beside the system's in float64.
@Suite struct AccuracyTests {
  /// A range of arguments, evenly spread, the bounds among them.
  private func arguments(_ from: Float, _ to: Float, count: Int = 40_001) -> [Float] {
    (0..<count).map { from + (to - from) * Float($0) / Float(count - 1) }
  }

  /// The largest relative error over the arguments.
  private func worst(
    _ arguments: [Float], _ function: (Tensor) -> Tensor, _ exact: (Double) -> Double
  ) -> Double {
    let values = function(Tensor(arguments, shape: [arguments.count])).values
    return zip(arguments, values).reduce(0) { worst, pair in
      let expected = exact(Double(pair.0))
      if expected == 0 { return pair.1 == 0 ? worst : .infinity }
      return max(worst, abs(Double(pair.1) - expected) / abs(expected))
    }
  }

  @Test func exponential() {
    #expect(worst(arguments(-87, 88.7), { $0.exp() }, exp) < 3e-7)
  }

  @Test func logarithm() {
    #expect(worst(arguments(1e-3, 8), { $0.log() }, log) < 3e-7)
    #expect(worst(arguments(0.999, 1.001), { $0.log() }, log) < 3e-7)
    #expect(worst(arguments(1, 3e38), { $0.log() }, log) < 3e-7)
    #expect(worst([0x1p-149, 0x1p-130, 1.2e-38, 1e-30], { $0.log() }, log) < 3e-7)
  }

  @Test func hyperbolicTangent() {
    #expect(worst(arguments(-10, 10), { $0.tanh() }, tanh) < 5e-7)
    #expect(worst(arguments(-1e-3, 1e-3), { $0.tanh() }, tanh) < 5e-7)
  }

  @Test func sigmoidAndSoftplus() {
    #expect(worst(arguments(-80, 80), { $0.sigmoid() }, { 1 / (1 + exp(-$0)) }) < 5e-7)
    #expect(
      worst(arguments(-80, 80), { $0.softplus() }, { max($0, 0) + log1p(exp(-abs($0))) }) < 5e-7)
  }

  @Test func exponentialLinearUnit() {
    #expect(worst(arguments(-20, -1e-4), { $0.elu() }, expm1) < 5e-7)
  }

  @Test func extremeArguments() {
    let edges = Tensor([-.infinity, -1e30, 0, 1e30, .infinity, .nan], shape: [6])
    let sigmoids = edges.sigmoid().values
    #expect(sigmoids[0] < 1e-37 && sigmoids[2] == 0.5 && sigmoids[4] == 1)
    #expect(sigmoids[5].isNaN)
    #expect(edges.tanh().values[0] == -1 && edges.tanh().values[4] == 1)
    #expect(edges.exp().values[0] < 2e-38 && edges.exp().values[5].isNaN)
    let logarithms = edges.log().values
    #expect(logarithms[1].isNaN && logarithms[2] == -.infinity && logarithms[4] == .infinity)
    #expect(edges.softplus().values[1] < 1e-30 && edges.softplus().values[3] == 1e30)
  }

  /// Both losses stay exact where the naive formulas overflow or cancel.
  @Test func losses() {
    let logits = Tensor([-100, -10, 0, 10, 100], shape: [5])
    let ones = Tensor(repeating: 1, shape: [5])
    let expected: [Float] = [-100, -10, 0, 10, 100].map { (x: Double) in Float(log1p(exp(-x))) }
    #expect(
      Comparison.difference(
        logits.sigmoidCrossEntropy(ones).values, expected, relative: 1e-6, absolute: 1e-37) == nil)
    let shifted = Tensor([1000, 1001, 999, -5000], shape: [1, 4])
    let logSum = 1001 + log(exp(-1.0) + 1 + exp(-2.0))
    #expect(abs(Double(shifted.softmaxCrossEntropy([0]).scalar) - (logSum - 1000)) < 1e-4)
    #expect(abs(Double(shifted.logSumExp(axis: 1).scalar) - logSum) < 1e-4)
    #expect(abs(shifted.softmax().sum().scalar - 1) < 1e-6)
  }

  /// A million small numbers beside large ones: a plain float32 sum would be wrong in the fourth digit.
  @Test func sums() {
    let count = 1_000_003
    let values = Tensor(RandomSource(seed: 3, purpose: .testing).uniforms(count), shape: [count])
    let exact = values.values.reduce(0.0) { $0 + Double($1) }
    #expect(abs(Double(values.sum().scalar) - exact) < exact * 2e-7)
    #expect(abs(Double(values.mean().scalar) - exact / Double(count)) < 2e-7)
    let pairs = values.values.dropLast(1)
    let columns = Tensor(Array(pairs), shape: [500_001, 2]).sum(axis: 0)
    let even = stride(from: 0, to: pairs.count, by: 2).reduce(0.0) { $0 + Double(pairs[$1]) }
    #expect(abs(Double(columns.values[0]) - even) < even * 2e-7)
  }
}
