import Layers
import Tensors

extension AnyOrder {
  /// Fills missing pixels one by one in a random order, all known pixels heeded: exact.
  ///
  /// With fewer passes than missing pixels several are drawn at once, as if they were independent
  /// given the others: not exact.
  public func completions(
    _ requests: [CompletionRequest], temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let tiles = (requests.count + tileSize - 1) / tileSize
    return ThreadPool.map(tiles) { tile in
      let part = Array(requests[tile * tileSize..<min(requests.count, (tile + 1) * tileSize)])
      var images = part.map(\.levels)
      let orders = part.map { Self.order(of: $0.missing) }
      let logLikelihoods = walk(
        &images, missing: part.map(\.missing), orders: orders, labels: part.map(\.label),
        passes: part.map(\.passes), draws: (part.map(\.random), temperature), pass)
      return part.indices.map { index in
        let isComplete = (part[index].passes ?? .max) >= orders[index].count
        return Completion(
          levels: images[index], logLikelihood: logLikelihoods[index],
          isExact: orders[index].isEmpty || (temperature == 1 && isComplete),
          method: isComplete ? "any-order" : "any-order-steps")
      }
    }.flatMap { $0 }
  }

  /// Scores missing pixels one by one in the order in which the hole is filled: exact.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ pass: Pass
  ) -> [ConditionalScore] {
    let tiles = (requests.count + tileSize - 1) / tileSize
    return ThreadPool.map(tiles) { tile in
      let part = Array(requests[tile * tileSize..<min(requests.count, (tile + 1) * tileSize)])
      var images = part.map(\.levels)
      let orders = part.map { Self.order(of: $0.missing) }
      return walk(
        &images, missing: part.map(\.missing), orders: orders, labels: part.map(\.label),
        passes: part.map { _ in nil }, draws: nil, pass
      ).map { ConditionalScore(logLikelihood: $0, isExact: true, method: "any-order") }
    }.flatMap { $0 }
  }

  /// What it costs each completion that several pixels were drawn at once, in nats: an estimate of the divergence
  /// E[log q(drawn) - log p(drawn)] of what draws so (q) from what draws one by one in the same order (p).
  ///
  /// Of each completion the pixels of one pass, chosen at random, are scored both together and one by one; the difference, times
  /// the number of passes, is the estimate. It takes as many passes as a pass has pixels.
  ///
  /// - Parameters:
  ///   - requests: those that were drawn with `passes`.
  ///   - levels: what was drawn for each.
  package func stepCosts(
    _ requests: [CompletionRequest], _ levels: [[Float]], _ pass: Pass
  ) -> [Double] {
    let tiles = (requests.count + tileSize - 1) / tileSize
    return ThreadPool.map(tiles) { tile in
      let range = tile * tileSize..<min(requests.count, (tile + 1) * tileSize)
      let part = Array(requests[range])
      let groups = part.map { request in
        let order = Self.order(of: request.missing)
        let ends = Self.ends(order.count, passes: request.passes)
        let count = ends.count - 1
        let drawn = Int(request.random.with(purpose: .validation).uniform(0) * Float(count))
        let chosen = max(0, min(count - 1, drawn))
        return (
          order: Array(order[ends[chosen]..<ends[chosen + 1]]), later: order[ends[chosen]...],
          count: count
        )
      }
      let missing = zip(part, groups).map { request, group in
        var isHidden = [Bool](repeating: false, count: request.missing.count)
        for pixel in group.later { isHidden[pixel] = true }
        return isHidden
      }
      func score(_ passes: Int?) -> [Double] {
        var images = Array(levels[range])
        return walk(
          &images, missing: missing, orders: groups.map(\.order), labels: part.map(\.label),
          passes: part.map { _ in passes }, draws: nil, pass)
      }
      return zip(groups, zip(score(1), score(nil))).map { group, sums in
        Double(group.count) * (sums.0 - sums.1)
      }
    }.flatMap { $0 }
  }

  /// Where a walk over some pixels stands after each pass, 0 first.
  private static func ends(_ count: Int, passes: Int?) -> [Int] {
    let passes = min(count, max(1, passes ?? count))
    return (0...passes).map { passes == 0 ? 0 : $0 * count / passes }
  }

  /// The order in which a hole is filled: random, but the hole's own, so that every filling of it has its probability
  /// under one and the same distribution.
  private static func order(of missing: [Bool]) -> [Int] {
    let places = missing.indices.filter { missing[$0] }
    return RandomSource(seed: 0, purpose: .masks).permutation(places.count).map { places[$0] }
  }

  /// The numbers of each image, and how sharply pixels are drawn with them.
  private typealias Draws = (random: [RandomSource], temperature: Float)

  /// Takes the missing pixels in their orders: draws them, or where there is nothing to draw with, reads them.
  ///
  /// The tile always has `tileSize` images, padded: a product's rounding can depend on its number of rows.
  ///
  /// - Returns: Σ log p of the pixels taken, for each image.
  private func walk(
    _ images: inout [[Float]], missing: [[Bool]], orders: [[Int]], labels: [Int?],
    passes: [Int?], draws: Draws?, _ pass: Pass
  ) -> [Double] {
    let (pixels, channels) = (shape.pixelCount, shape.channels)
    let (width, needed) = (distribution.parameterCount, distribution.drawsPerPixel)
    let padding = tileSize - images.count
    let uniforms = draws.map { $0.random.map { $0.uniforms(pixels * needed) } }
    // Where each image's walk stands after each pass.
    let ends = zip(orders, passes).map { Self.ends($0.count, passes: $1) }
    var hidden = missing.flatMap { $0 } + [Bool](repeating: false, count: padding * pixels)
    var sums = [Double](repeating: 0, count: images.count)
    let padded = labels + [Int?](repeating: nil, count: padding)
    for step in 0..<(ends.map(\.count).max() ?? 1) - 1 {
      let levels =
        images.flatMap { $0 } + [Float](repeating: 0, count: padding * shape.dimensionCount)
      let batch = Tensor(levels, shape: [tileSize, shape.height, shape.width, channels])
      let parameters = parameters(of: batch, missing: hidden, labels: padded, pass)
      var taken: [(image: Int, pixel: Int)] = []
      for image in images.indices where step + 1 < ends[image].count {
        for place in ends[image][step]..<ends[image][step + 1] {
          taken.append((image, orders[image][place]))
        }
      }
      let rows = Tensor(shape: [taken.count, width]) { buffer in
        parameters.withValues { values in
          for (row, place) in taken.enumerated() {
            let start = (place.image * pixels + place.pixel) * width
            for i in 0..<width { buffer[row * width + i] = values[start + i] }
          }
        }
      }
      if let draws, let uniforms {
        rows.withValues { values in
          for (row, place) in taken.enumerated() {
            distribution.draw(
              pixel: place.pixel, from: row, of: values, uniforms: uniforms[place.image],
              temperature: draws.temperature, channels: channels, into: &images[place.image])
          }
        }
      }
      let drawn = taken.flatMap { place in
        images[place.image][place.pixel * channels..<(place.pixel + 1) * channels]
      }
      let losses = distribution.negativeLogLikelihood(
        parameters: rows, levels: Tensor(drawn, shape: [taken.count, channels])
      ).values
      for (place, loss) in zip(taken, losses) {
        sums[place.image] -= Double(loss)
        hidden[place.image * pixels + place.pixel] = false
      }
    }
    return sums
  }
}
