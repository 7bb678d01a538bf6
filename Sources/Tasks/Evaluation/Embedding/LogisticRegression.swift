import Tensors

/// Multinomial logistic regression, p(class | x) = softmax(W x + b), fitted by maximum a posteriori:
/// the sum of -log p over the rows plus `strength / 2 |W|²` is least.
package struct LogisticRegression: Sendable {
  let classCount: Int
  let width: Int
  /// W, class after class, and then b.
  package private(set) var parameters: [Double]

  /// A regression that finds all classes equally likely.
  package init(classCount: Int, width: Int) {
    self.classCount = classCount
    self.width = width
    parameters = [Double](repeating: 0, count: classCount * (width + 1))
  }

  /// Fits the rows, from where the parameters are.
  package mutating func fit(_ rows: LabelledRows, strength: Double) {
    let (classCount, width, start) = (classCount, width, self)
    parameters = LimitedMemoryBFGS().minimum(from: parameters) { parameters in
      let parts = ThreadPool.map(rows.chunks.count) { chunk in
        start.lossAndGradient(rows.chunks[chunk], parameters)
      }
      // Summed in order of the chunks, whatever the threads.
      var loss = 0.0
      var gradient = [Double](repeating: 0, count: parameters.count)
      for part in parts {
        loss += part.loss
        for place in gradient.indices { gradient[place] += Double(part.gradient[place]) }
      }
      for place in 0..<classCount * width {
        loss += strength / 2 * parameters[place] * parameters[place]
        gradient[place] += strength * parameters[place]
      }
      let scale = 1 / Double(rows.count)
      return (loss * scale, gradient.map { $0 * scale })
    }
  }

  /// The mean of -log p over the rows, in nats.
  func loss(_ rows: LabelledRows) -> Double {
    rows.chunks.reduce(0) { sum, chunk in
      sum + Double(logits(chunk.features).softmaxCrossEntropy(chunk.targets).sum().scalar)
    } / Double(rows.count)
  }

  /// The likeliest class of each row.
  func predictions(_ rows: LabelledRows) -> [Int32] {
    ThreadPool.map(rows.chunks.count) { chunk in
      logits(rows.chunks[chunk].features).argmax().map(Int32.init)
    }.flatMap { $0 }
  }

  private func logits(_ features: Tensor) -> Tensor {
    let (weights, bias) = tensors(parameters)
    return features.linear(weights: weights, bias: bias)
  }

  private func lossAndGradient(
    _ chunk: LabelledRows.Chunk, _ parameters: [Double]
  ) -> (loss: Double, gradient: [Float]) {
    let (weights, bias) = tensors(parameters)
    let variables = [weights.variable, bias.variable]
    let (loss, gradients) = valueAndGradients(of: variables) {
      chunk.features.linear(weights: variables[0], bias: variables[1])
        .softmaxCrossEntropy(chunk.targets).sum()
    }
    return (Double(loss.scalar), gradients.flatMap { $0?.values ?? [] })
  }

  private func tensors(_ parameters: [Double]) -> (weights: Tensor, bias: Tensor) {
    let count = classCount * width
    return (
      Tensor(parameters[..<count].map(Float.init), shape: [classCount, width]),
      Tensor(parameters[count...].map(Float.init), shape: [classCount])
    )
  }
}
