import Layers
import Platform
import Tensors

extension SemiVariationalAutoencoder {
  /// The mean negative lower bound of a batch, and the classifier's weighted losses.
  func meanLoss(of batch: ImageBatch, _ pass: Pass) -> Tensor {
    let labels = batch.labels
    let posterior = posterior(of: batch, pass)
    let random = batch.noiseSources(pass)
    let latents = posterior.sample(latentNoise(random, count: latentCount))
    let losses = imageLosses(
      latents: latents, labels: labels, levels: batch.levels, pass)
    let logits = logits(means: posterior.mean)
    // Nothing is known of the entropy in closed form but q(z | x)'s own.
    let table = prior.bounds(latents: latents, noise: styleNoise(random))
    let divergences =
      posterior.logDensity(latents) - classExpectation(of: table, logits: logits, labels: labels)
    let bound = (losses + divergences * pass.warmth(over: configuration.warmUp)).mean()
    guard classCount > 1, configuration.classWeight > 0 else { return bound }
    let weight = Float(configuration.classWeight * Double(shape.pixelCount))
    return bound + classLoss(of: batch, labels, logits: logits, pass) * weight
  }

  /// E_q(y|x)[log p(z | y) + log p(y)] + H(q(y | x)), or the label's entry where there is one, `[rows]`.
  private func classExpectation(of table: Tensor, logits: Tensor, labels: [Int?]) -> Tensor {
    let known = oneHotLabels(labels, classes: prior.classes)
    let isUnknown = Tensor(labels.map { $0 == nil ? Float(1) : 0 }, shape: [labels.count, 1])
    let guessed = logits.softmax() * isUnknown
    let entropy = guessed * logits.logSoftmax()
    return ((guessed + known) * table - entropy).sum(axis: 1) - Float(log(Double(prior.classes)))
  }

  /// The classifier's losses; copies are warped.
  private func classLoss(
    of batch: ImageBatch, _ labels: [Int?], logits: Tensor, _ pass: Pass
  ) -> Tensor {
    let consistency = ConsistencyLoss(
      classCount: classCount, confidence: configuration.confidence)
    guard let noise = pass.noise, configuration.transforms != .none else {
      return consistency(labels, logits: logits, copies: nil)
    }
    return consistency(labels, logits: logits) {
      let copies = batch.warped(
        configuration.transforms, shape: shape, noise.with(purpose: .transforms))
      return self.logits(means: posterior(of: copies, pass).mean)
    }
  }
}
