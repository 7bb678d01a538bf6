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
    inTiles(requests, filling, temperature: temperature, pass) { chain, tile in
      let images = tile.items.indices.map { chain.images[$0] }
      let logLikelihoods = chain.logConditionals(
        of: zip(tile.items, images).map { $0.missing.contains(true) ? $1 : nil },
        annealing: filling.annealing)
      return tile.items.indices.map { row in
        Completion(
          levels: tile.items[row].missing.contains(true) ? images[row] : tile.items[row].levels,
          logLikelihood: logLikelihoods[row])
      }
    }
  }

  /// Never exact, unless nothing is missing.
  public func outlook(_ missing: [Bool], _ filling: ChainFilling) -> FillingOutlook {
    FillingOutlook(
      isExact: !missing.contains(true), method: "metropolis-within-gibbs",
      scoreMethod: filling.annealing > 0 ? "annealed-estimate" : "importance-estimate")
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
    return inTiles(holes, filling, temperature: 1, pass) { chain, tile in
      chain.logConditionals(
        of: zip(tile.items, requests[tile.range]).map {
          $0.missing.contains(true) ? $1.levels : nil
        }, annealing: filling.annealing)
    }
  }

  /// Runs the chains of all requests, a tile of them on each thread, and reads something of each.
  private func inTiles<Result: Sendable>(
    _ requests: [CompletionRequest], _ filling: ChainFilling, temperature: Float, _ pass: Pass,
    read: @Sendable (CompletionChain<Self>, Tile<CompletionRequest>) -> [Result]
  ) -> [Result] {
    Tiles.map(requests) { tile in
      var chain = CompletionChain(self, tile.padded, temperature: temperature, pass)
      if tile.items.contains(where: { $0.missing.contains(true) }) {
        for round in 1...pseudoSweeps { chain.sweep(round, isCorrected: false) }
        for round in 1...filling.sweeps { chain.sweep(pseudoSweeps + round, isCorrected: true) }
      }
      return read(chain, tile)
    }
  }
}
