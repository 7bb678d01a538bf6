import Layers
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sweeps of a chain that fills a hole: the first are pseudo-Gibbs, which moves fast, the rest corrected.
private let (pseudoSweeps, correctedSweeps) = (20, 60)
/// Draws for the estimate of a completion's likelihood.
private let likelihoodSamples = 64

extension LatentVariable {
  /// Fills holes by a Markov chain over latents and missing pixels: Metropolis-within-Gibbs with the encoder as its
  /// proposal, after a few sweeps of pseudo-Gibbs (Mattei and Frellsen 2018, Leveraging the Exact Likelihood of Deep
  /// Latent Variable Models, section 3.3).
  ///
  /// The chain is finite: never exact. The likelihood of the drawn pixels is an importance estimate.
  public func completions(
    _ requests: [CompletionRequest], temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let tiles = (requests.count + tileSize - 1) / tileSize
    return ThreadPool.map(tiles) { tile in
      let part = Array(requests[tile * tileSize..<min(requests.count, (tile + 1) * tileSize)])
      let padded = part + [CompletionRequest](repeating: part[0], count: tileSize - part.count)
      var chain = CompletionChain(self, padded, temperature: temperature, pass)
      if part.contains(where: { $0.missing.contains(true) }) {
        for round in 1...pseudoSweeps { chain.sweep(round, isCorrected: false) }
        for round in 1...correctedSweeps { chain.sweep(pseudoSweeps + round, isCorrected: true) }
      }
      return part.indices.map { chain.completion($0) }
    }.flatMap { $0 }
  }

  /// Importance estimates of log p(missing | known); what stands in the hole guides the draws.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ pass: Pass
  ) -> [ConditionalScore] {
    ThreadPool.map(requests.count) { index in
      let request = requests[index]
      guard request.missing.contains(true) else {
        return ConditionalScore(logLikelihood: 0, isExact: true, method: "importance-estimate")
      }
      let estimate = conditionalEstimate(
        request.levels, missing: request.missing, label: request.label, nil, pass)
      return ConditionalScore(
        logLikelihood: estimate, isExact: false, method: "importance-estimate")
    }
  }

  /// log p(missing | known) of a whole image by importance sampling: the same draws estimate p(image) and p(known).
  ///
  /// - Parameter random: nil: numbers that depend on the image alone.
  fileprivate func conditionalEstimate(
    _ levels: [Float], missing: [Bool], label: Int?, _ random: RandomSource?, _ pass: Pass
  ) -> Double {
    let image = Tensor(levels, shape: [1, shape.height, shape.width, shape.channels])
    let batch = ImageBatch(levels: image, labels: classCount > 0 ? [label] : nil)
    let weights = logWeights(
      levels: image, label: label, posterior(of: batch, pass),
      random ?? batch.contentRandom(seed: 0, purpose: .validation)[0],
      samples: likelihoodSamples, isCounted: missing.map { !$0 }, pass)
    return logSumExp(weights.all) - logSumExp(weights.known)
  }
}

/// The chains of one tile of images.
private struct CompletionChain<Model: LatentVariable> {
  private let model: Model
  private let requests: [CompletionRequest]
  private let labels: [Int?]
  private let temperature: Float
  private let pass: Pass
  private var images: [[Float]]
  private var latents: Tensor
  /// The pixel distributions at the present latents.
  private var parameters: Tensor

  init(_ model: Model, _ requests: [CompletionRequest], temperature: Float, _ pass: Pass) {
    self.model = model
    self.requests = requests
    self.temperature = temperature
    self.pass = pass
    labels = requests.map(\.label)
    images = requests.map(\.levels)
    latents = model.priorDraws(
      requests.map { SampleRequest(label: $0.label, random: $0.random) }, temperature: temperature)
    parameters = model.pixelParameters(latents: latents, labels: labels, pass)
    drawMissing(round: 0)
  }

  private mutating func drawMissing(round: Int) {
    for (index, request) in requests.enumerated() {
      model.distribution.draw(
        image: index, of: parameters, request.random, round: round, temperature: temperature,
        channels: model.shape.channels, where: request.missing, into: &images[index])
    }
  }

  private var batch: ImageBatch {
    let shape = model.shape
    return ImageBatch(
      levels: Tensor(
        images.flatMap { $0 }, shape: [images.count, shape.height, shape.width, shape.channels]),
      labels: model.classCount > 0 ? labels : nil)
  }

  /// New latents given the images, accepted or not, then new missing pixels given the latents.
  mutating func sweep(_ round: Int, isCorrected: Bool) {
    let batch = batch
    let random = requests.map(\.random)
    let posterior = model.posterior(of: batch, pass)
    let proposed = posterior.sample(
      latentNoise(random, round: round, count: model.latentCount))
    let proposedParameters = model.pixelParameters(latents: proposed, labels: labels, pass)
    if isCorrected {
      let new = logWeights(proposed, proposedParameters, batch, posterior, round: 2 * round)
      let old = logWeights(latents, parameters, batch, posterior, round: 2 * round + 1)
      let accepted = requests.indices.map { index in
        Double(log(random[index].with(purpose: .validation).uniform(round)))
          < Double(new[index]) - Double(old[index])
      }
      latents = Self.rows(of: proposed, where: accepted, else: latents)
      parameters = Self.rows(of: proposedParameters, where: accepted, else: parameters)
    } else {
      (latents, parameters) = (proposed, proposedParameters)
    }
    drawMissing(round: round)
  }

  /// log p(x | z) p(z) / q(z | x) of each image.
  private func logWeights(
    _ latents: Tensor, _ parameters: Tensor, _ batch: ImageBatch, _ posterior: DiagonalGaussian,
    round: Int
  ) -> [Float] {
    let losses = model.distribution.negativeLogLikelihood(
      parameters: parameters, levels: batch.levels
    ).sum(axes: [1, 2])
    let sources = requests.map { $0.random.derived(round) }
    let priors = model.logPriors(latents: latents, labels: labels, random: sources)
    return (priors - losses - posterior.logDensity(latents)).values
  }

  private static func rows(of new: Tensor, where isNew: [Bool], else old: Tensor) -> Tensor {
    let size = new.count / isNew.count
    return Tensor(shape: new.shape) { target in
      new.withValues { new in
        old.withValues { old in
          for (row, takesNew) in isNew.enumerated() {
            for i in row * size..<(row + 1) * size { target[i] = takesNew ? new[i] : old[i] }
          }
        }
      }
    }
  }

  func completion(_ index: Int) -> Completion {
    let request = requests[index]
    guard request.missing.contains(true) else {
      return Completion(
        levels: request.levels, logLikelihood: 0, isExact: true, method: "metropolis-within-gibbs")
    }
    return Completion(
      levels: images[index],
      logLikelihood: model.conditionalEstimate(
        images[index], missing: request.missing, label: request.label,
        request.random.with(purpose: .validation), pass),
      isExact: false, method: "metropolis-within-gibbs")
  }
}
