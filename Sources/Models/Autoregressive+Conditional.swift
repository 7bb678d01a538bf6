import Layers
import Tensors

extension Autoregressive {
  /// Scores missing pixels in the order that suits the hole best, each given the pixels before it: exact where no known
  /// pixel comes after a missing one, and otherwise blind to those that do.
  ///
  /// One full pass over tiles of images, padded: a product's rounding can depend on its number of rows.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ pass: Pass
  ) -> [ConditionalScore] {
    stride(from: 0, to: requests.count, by: tileSize).flatMap { start in
      scoreTile(Array(requests[start..<min(requests.count, start + tileSize)]), pass)
    }
  }

  private func scoreTile(_ requests: [ConditionalRequest], _ pass: Pass) -> [ConditionalScore] {
    let padding = tileSize - requests.count
    let orders = requests.map { order(for: $0.missing) }
    let levels =
      requests.flatMap(\.levels)
      + [Float](repeating: 0, count: padding * shape.dimensionCount)
    let labels = requests.map(\.label) + [Int?](repeating: nil, count: padding)
    let batch = ImageBatch(
      levels: Tensor(levels, shape: [tileSize, shape.height, shape.width, shape.channels]),
      labels: classCount > 0 ? labels : nil
    ).turned(to: orders + [PixelOrder](repeating: .raster, count: padding))
    let losses = distribution.negativeLogLikelihood(
      parameters: parameters(of: batch, pass), levels: batch.levels
    ).values
    return requests.enumerated().map { image, request in
      let missing = request.missing.taken(in: orders[image], shape)
      let pixels = missing.indices.filter { missing[$0] }
      return ConditionalScore(
        logLikelihood: pixels.reduce(0) { $0 - Double(losses[image * shape.pixelCount + $1]) },
        isExact: knownPixelsBehind(missing) == 0, method: "ordered")
    }
  }
}
