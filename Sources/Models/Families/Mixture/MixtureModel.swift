import Tensors

/// A model whose values are independent given a component that is not seen: p(x) = Σ_k p(k) Π_d p(x_d | k).
///
/// Scoring, sampling and completing follow, all exact and in closed form: known pixels give the posterior over the
/// components, and that gives the missing ones, whichever they are.
public protocol MixtureModel: Fitted, Scoring, Sampling, MeanCompleting
where Filling == NoFillingOptions {
  /// The components.
  var components: PixelComponents { get }

  /// log p(k | class), or log p(k) where no class is given, for every component.
  func logWeights(label: Int?) -> [Double]
}

extension MixtureModel {
  /// The model's own probability.
  public var scoreKind: ScoreKind { .exact }

  /// Exact log-likelihoods; given the class where that is known.
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    let labels = batch.labels
    let (weights, components, size) = (weights(for: labels), components, shape.dimensionCount)
    let levels = batch.levels.values
    return ThreadPool.map(batch.count) { image in
      let likelihoods = components.logLikelihoods(
        of: levels[image * size..<(image + 1) * size])
      return logSumExp(zip(weights[labels[image], default: []], likelihoods).map { $0 + $1 })
    }
  }

  /// Exact, whatever is missing.
  public func outlook(_ missing: [Bool], _ filling: NoFillingOptions) -> FillingOutlook {
    FillingOutlook(isExact: true, method: "closed-form")
  }

  /// Draws images as completions of images of which every pixel is missing.
  public func samples(
    _ requests: [SampleRequest], temperature: Temperature, _ pass: Pass
  ) -> [Sample] {
    completions(
      requests.map { CompletionRequest(everyPixelOf: shape, $0) }, NoFillingOptions(),
      temperature: temperature.ofLogits, pass
    ).map { Sample(levels: $0.levels) }
  }

  /// Fills holes from the posterior over components given the known pixels.
  public func completions(
    _ requests: [CompletionRequest], _ filling: NoFillingOptions, temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let (weights, components) = (weights(for: requests.map(\.label)), components)
    return ThreadPool.map(requests.count) { index in
      complete(
        requests[index], weights[requests[index].label, default: []], components,
        temperature: Double(temperature))
    }
  }

  /// Exact log-likelihoods of missing pixels given the known ones.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ filling: NoFillingOptions, _ pass: Pass
  ) -> [Double] {
    let (weights, components) = (weights(for: requests.map(\.label)), components)
    return ThreadPool.map(requests.count) { index in
      let request = requests[index]
      let posterior = posterior(
        request.levels, request.missing, weights[request.label, default: []], components)
      return logLikelihood(request.levels, request.missing, posterior, components)
    }
  }

  /// Σ_k p(k | known pixels) E[level | k], exact.
  public func completionMeans(_ requests: [CompletionRequest], _ pass: Pass) -> [[Float]] {
    let (weights, components) = (weights(for: requests.map(\.label)), components)
    let means = components.means
    return ThreadPool.map(requests.count) { index in
      let request = requests[index]
      let posterior = posterior(
        request.levels, request.missing, weights[request.label, default: []], components)
      return components.mean(
        of: means, posterior: posterior, known: request.levels,
        isMissing: { request.missing[$0 / shape.channels] })
    }
  }

  private func complete(
    _ request: CompletionRequest, _ weights: [Double], _ components: PixelComponents,
    temperature: Double
  ) -> Completion {
    let channels = shape.channels
    let isMissing = { (d: Int) in request.missing[d / channels] }
    let posterior = posterior(request.levels, request.missing, weights, components)
    let uniforms = request.random.uniforms(2 * shape.dimensionCount + 1)
    var levels = request.levels
    if temperature == 1 {
      components.fill(&levels, isMissing: isMissing, posterior: posterior, uniforms: uniforms)
    } else {
      components.fill(
        &levels, isMissing: isMissing, posterior: posterior, uniforms: uniforms,
        temperature: temperature)
    }
    return Completion(
      levels: levels,
      logLikelihood: logLikelihood(levels, request.missing, posterior, components))
  }

  /// log p(k | known pixels) for every component.
  private func posterior(
    _ levels: [Float], _ missing: [Bool], _ weights: [Double], _ components: PixelComponents
  ) -> [Double] {
    let channels = shape.channels
    let known = components.logLikelihoods(of: levels[...]) { !missing[$0 / channels] }
    return normalizedLogits(zip(weights, known).map { $0 + $1 })
  }

  /// log p(missing pixels | known pixels); 0 where nothing is missing.
  private func logLikelihood(
    _ levels: [Float], _ missing: [Bool], _ posterior: [Double], _ components: PixelComponents
  ) -> Double {
    guard missing.contains(true) else { return 0 }
    let channels = shape.channels
    let ofMissing = components.logLikelihoods(of: levels[...]) { missing[$0 / channels] }
    return logSumExp(zip(posterior, ofMissing).map { $0 + $1 })
  }

  /// The components' weights for each label that occurs.
  private func weights(for labels: [Int?]) -> [Int?: [Double]] {
    var weights: [Int?: [Double]] = [:]
    for label in Set(labels) {
      weights[label] = logWeights(label: classCount > 0 ? label : nil)
    }
    return weights
  }
}
