import Layers
import Tensors

extension Autoregressive {
  /// Scores missing pixels by each request's method: in an order of the model, each given the pixels before it, exact
  /// where no known pixel comes after a missing one; otherwise blind to those that do, or, where particles are asked
  /// for, log p(image) less their estimate of log p(known pixels).
  ///
  /// An estimate of log p(known pixels) is too low in the mean, so scores by particles are too high, the less so
  /// the more particles there are. One full pass over tiles of images, padded: a product's rounding can depend on its
  /// number of rows.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ pass: Pass
  ) -> [ConditionalScore] {
    let isByParticles = requests.map { takesParticles($0.missing, $0.filling) }
    let ofParticles = zip(requests, isByParticles).filter(\.1).map(\.0)
    var evidence = particles(
      ofParticles.map {
        CompletionRequest(
          levels: $0.levels, missing: $0.missing, label: $0.label,
          random: RandomSource(seed: 0, purpose: .sampling), filling: $0.filling)
      }, pass
    ).map(\.logEvidence)[...]
    let passed = stride(from: 0, to: requests.count, by: tileSize).flatMap { start in
      scoreTile(Array(requests[start..<min(requests.count, start + tileSize)]), pass)
    }
    return zip(passed, isByParticles).map { score, isByParticles in
      guard isByParticles, let evidence = evidence.popFirst() else { return score.ordered }
      return ConditionalScore(
        logLikelihood: score.fromFirstMissing - evidence, isExact: false, method: "particles")
    }
  }

  /// What a full pass says of an image: log p of its missing pixels, and log p of all pixels from the first missing one on,
  /// both given those before them.
  private typealias PassedScore = (ordered: ConditionalScore, fromFirstMissing: Double)

  private func scoreTile(_ requests: [ConditionalRequest], _ pass: Pass) -> [PassedScore] {
    let padding = tileSize - requests.count
    let ways = requests.map { order(for: $0.missing, $0.filling) }
    let levels =
      requests.flatMap(\.levels)
      + [Float](repeating: 0, count: padding * shape.dimensionCount)
    let labels = requests.map(\.label) + [Int?](repeating: nil, count: padding)
    let batch = ImageBatch(
      levels: Tensor(levels, shape: [tileSize, shape.height, shape.width, shape.channels]),
      labels: classCount > 0 ? labels : nil
    ).turned(to: ways.map(\.order) + [PixelOrder](repeating: .raster, count: padding))
    let losses = distribution.negativeLogLikelihood(
      parameters: parameters(of: batch, pass), levels: batch.levels
    ).values
    return requests.enumerated().map { image, request in
      let missing = request.missing.taken(in: ways[image].order, shape)
      let start = image * shape.pixelCount
      let (first, end) = (missing.firstIndex(of: true) ?? shape.pixelCount, shape.pixelCount)
      func sum(_ pixels: some Sequence<Int>) -> Double {
        pixels.reduce(0) { $0 - Double(losses[start + $1]) }
      }
      let score = ConditionalScore(
        logLikelihood: sum((first..<end).filter { missing[$0] }),
        isExact: knownPixelsBehind(missing) == 0, method: ways[image].name)
      return (score, sum(first..<end))
    }
  }
}
