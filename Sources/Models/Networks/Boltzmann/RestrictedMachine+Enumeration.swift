import Tensors

extension RestrictedMachine {
  /// The most hidden units whose every state is counted.
  static let mostEnumerated = 14

  /// log Σ of exp(-E) over free and hidden units, given what is held; exact.
  ///
  /// Every state of the hidden units is visited, the free ones are summed in closed form.
  func exactLogPartition(_ held: HeldUnits) -> Double {
    precondition(hiddenCount <= Self.mostEnumerated)
    let clamp = Clamp([held])
    let inputs = hiddenInputs(clamp.values).reshaped(to: [hiddenCount, 1])
    let known = (clamp.values * visibleBias).sum().scalar
    let (states, chunk) = (1 << hiddenCount, 1024)
    var logSums: [Double] = []
    for start in stride(from: 0, to: states, by: chunk) {
      let count = min(chunk, states - start)
      let hidden = Tensor(shape: [count, hiddenCount]) { buffer in
        for i in buffer.indices {
          buffer[i] = Float((start + i / hiddenCount) >> (i % hiddenCount) & 1)
        }
      }
      let pulled = visibleInputs(hidden) + visibleBias
      let pixels = (pulled.softplus() * clamp.free).sliced(0..<binaryCount, axis: 1).sum(axis: 1)
      var sums = hidden.multiplied(by: inputs).reshaped(to: [count]) + pixels
      if visibleCount > binaryCount, held.isFree[binaryCount] {
        sums = sums + pulled.sliced(binaryCount..<visibleCount, axis: 1).logSumExp(axis: 1)
      }
      logSums += sums.values.map(Double.init)
    }
    return Double(known) + logSumExp(logSums)
  }
}
