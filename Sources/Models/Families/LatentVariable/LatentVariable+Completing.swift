import Layers
import Tensors

/// Sweeps of pseudo-Gibbs that a chain begins with: it moves fast, and is not corrected.
private let pseudoSweeps = 20
extension LatentVariable {
  /// Fills holes by a Markov chain over latents and missing pixels: Metropolis-within-Gibbs with the encoder as its
  /// proposal, after a few sweeps of pseudo-Gibbs (Mattei and Frellsen 2018, Leveraging the Exact Likelihood of Deep
  /// Latent Variable Models, section 3.3).
  ///
  /// The chain is finite: never exact. The likelihood of the drawn pixels is p(image) / p(known pixels), both importance
  /// estimates; the second one's proposal is as wide as all encodings that the chain came by, since that of any one
  /// filling would miss the others, and make that filling seem likelier than it is. Where the known pixels leave much
  /// open, the estimate of p(known) still falls short, and the likelihood is too high.
  public func completions(
    _ requests: [CompletionRequest], _ filling: ChainFilling, temperature: Float, _ pass: Pass
  ) -> [Completion] {
    inTiles(requests, filling, temperature: temperature, pass) { chain, index in
      let request = requests[index.request]
      guard request.missing.contains(true) else {
        return Completion(levels: request.levels, logLikelihood: 0)
      }
      let levels = chain.images[index.row]
      return Completion(
        levels: levels, logLikelihood: chain.logConditional(of: levels, at: index.row))
    }
  }

  /// Never exact, unless nothing is missing.
  public func outlook(_ missing: [Bool], _ filling: ChainFilling) -> FillingOutlook {
    FillingOutlook(
      isExact: !missing.contains(true), method: "metropolis-within-gibbs",
      scoreMethod: "importance-estimate")
  }

  /// Estimates of log p(missing | known) = log p(image) - log p(known), as for completions.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ filling: ChainFilling, _ pass: Pass
  ) -> [Double] {
    let holes = requests.map { request in
      // The chain's numbers depend on what is known alone.
      let known = request.levels.indices.map {
        request.missing[$0 / shape.channels] ? 0 : request.levels[$0]
      }
      let random = ImageBatch(levels: Tensor(known, shape: [1, known.count]))
        .contentRandom(seed: 0, purpose: .sampling)[0]
      return CompletionRequest(
        levels: known, missing: request.missing, label: request.label, random: random)
    }
    return inTiles(holes, filling, temperature: 1, pass) { chain, index in
      let request = requests[index.request]
      return request.missing.contains(true)
        ? chain.logConditional(of: request.levels, at: index.row) : 0
    }
  }

  /// Runs the chains of all requests, a tile of them on each thread, and reads something of each.
  private func inTiles<Result: Sendable>(
    _ requests: [CompletionRequest], _ filling: ChainFilling, temperature: Float, _ pass: Pass,
    read: @Sendable (CompletionChain<Self>, (request: Int, row: Int)) -> Result
  ) -> [Result] {
    Tiles.map(requests) { tile in
      var chain = CompletionChain(self, tile.padded, temperature: temperature, pass)
      if tile.items.contains(where: { $0.missing.contains(true) }) {
        for round in 1...pseudoSweeps { chain.sweep(round, isCorrected: false) }
        for round in 1...filling.sweeps { chain.sweep(pseudoSweeps + round, isCorrected: true) }
      }
      return tile.items.indices.map { read(chain, (tile.range.lowerBound + $0, $0)) }
    }
  }
}
