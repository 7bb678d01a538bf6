import Tensors

/// Draws of an importance estimate of a whole image.
private let imageSamples = 64

extension NormalizingFlow {
  /// Never exact, unless nothing is missing.
  public func outlook(_ missing: [Bool], _ filling: FlowFilling) -> FillingOutlook {
    FillingOutlook(
      isExact: !missing.contains(true), method: "annealed-hamiltonian",
      scoreMethod: "annealed-estimate", isScoreEstimated: true)
  }

  /// Fills holes by chains over the components, annealed from the prior to those whose image shows the known pixels.
  ///
  /// Chains are finite: never exact. The likelihood of what was drawn is p(image) / p(known pixels), an importance and an annealed
  /// estimate; the second falls short, the more so the more pixels are known, and the likelihood is too high by as much.
  public func completions(
    _ requests: [CompletionRequest], _ filling: FlowFilling, temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let asked = requests.indices.filter { requests[$0].missing.contains(true) }
    let outcomes = ComponentAnnealing.outcomes(
      self, asked.map { requests[$0] }, filling, temperature: temperature, pass)
    let scores = imageEstimates(
      outcomes.map(\.levels), labels: asked.map { requests[$0].label }, pass)
    var completions = requests.map { Completion(levels: $0.levels, logLikelihood: 0) }
    for (place, index) in asked.enumerated() {
      let evidence = outcomes[place].logEvidence
      completions[index] = Completion(
        levels: outcomes[place].levels, logLikelihood: scores[place] - evidence,
        logEvidence: evidence)
    }
    return completions
  }

  /// Estimates of log p(missing | known) = log p(image) - log p(known), as for completions.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ filling: FlowFilling, _ pass: Pass
  ) -> [Double] {
    let asked = requests.indices.filter { requests[$0].missing.contains(true) }
    let holes = asked.map { index in
      let request = requests[index]
      return CompletionRequest(
        levels: request.levels, missing: request.missing, label: request.label,
        random: request.common)
    }
    let evidence = ComponentAnnealing.outcomes(self, holes, filling, temperature: 1, pass)
      .map(\.logEvidence)
    let scores = imageEstimates(holes.map(\.levels), labels: holes.map(\.label), pass)
    var found = [Double](repeating: 0, count: requests.count)
    for (place, index) in asked.enumerated() { found[index] = scores[place] - evidence[place] }
    return found
  }

  /// Estimates of log p of whole images.
  private func imageEstimates(_ images: [[Float]], labels: [Int?], _ pass: Pass) -> [Double] {
    images.isEmpty
      ? []
      : importanceEstimates(
        ImageBatch(images, labels: classCount > 0 ? labels : nil, shape: shape),
        samples: imageSamples, seed: 0, pass)
  }
}
