import Layers
import Tensors

extension Autoregressive {
  /// Scores missing pixels: in an order of the model, each given the pixels before it, exact
  /// where no known pixel comes after a missing one; otherwise blind to those that do, or, where particles are asked
  /// for, log p(image) less their estimate of log p(known pixels).
  ///
  /// An estimate of log p(known pixels) is too low in the mean, so scores by particles are too high, the less so
  /// the more particles there are.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ filling: OrderedFilling, _ pass: Pass
  ) -> [Double] {
    let isByParticles = requests.map { takesParticles($0.missing, filling) }
    let ofParticles = zip(requests, isByParticles).filter(\.1).map(\.0)
    var evidence = particles(
      ofParticles.map {
        CompletionRequest(
          levels: $0.levels, missing: $0.missing, label: $0.label, random: $0.common,
          common: $0.common)
      }, count: filling.particles, pass
    ).map(\.logEvidence)[...]
    let passed = stride(from: 0, to: requests.count, by: Tiles.size).flatMap { start in
      scoreTile(
        Array(requests[start..<min(requests.count, start + Tiles.size)]), filling, pass)
    }
    return zip(passed, isByParticles).map { score, isByParticles in
      guard isByParticles, let evidence = evidence.popFirst() else { return score.missing }
      return score.fromFirstMissing - evidence
    }
  }

  /// What a full pass says of an image: log p of its missing pixels, and log p of all pixels from the first missing one on,
  /// both given those before them.
  private typealias PassedScore = (missing: Double, fromFirstMissing: Double)

  private func scoreTile(
    _ requests: [ConditionalRequest], _ filling: OrderedFilling, _ pass: Pass
  ) -> [PassedScore] {
    let tile = Tile(items: requests, range: requests.indices)
    let orders = tile.padded.map { order(for: $0.missing, filling) }
    let batch = ImageBatch(
      tile.padded.map(\.levels), labels: tile.padded.map { classCount > 0 ? $0.label : nil },
      shape: shape
    ).permuted(to: orders)
    let losses = distribution.negativeLogLikelihood(
      parameters: parameters(of: batch, orders: orders, pass), levels: batch.levels
    ).values
    return requests.enumerated().map { image, request in
      let missing = request.missing.permuted(to: orders[image], shape)
      let start = image * shape.pixelCount
      let (first, end) = (missing.firstIndex(of: true) ?? shape.pixelCount, shape.pixelCount)
      func sum(_ pixels: some Sequence<Int>) -> Double {
        pixels.reduce(0) { $0 - Double(losses[start + $1]) }
      }
      return (sum((first..<end).filter { missing[$0] }), sum(first..<end))
    }
  }
}
