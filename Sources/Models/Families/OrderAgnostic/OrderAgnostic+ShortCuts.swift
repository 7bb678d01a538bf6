import Tensors

/// Of one pass at most so many pixels are scored one by one.
private let mostScoredAlone = 8

extension OrderAgnostic {
  /// What it costs each completion that several pixels were drawn at once, in nats: an estimate of the divergence
  /// E[log q(drawn) - log p(drawn)] of what draws so (q) from what draws one by one in the same order (p).
  ///
  /// Of each completion one pass is chosen at random, and of that some pixels, spread evenly: each is scored with nothing of its
  /// pass known, and with all that come before it. The differences, times the numbers of passes and of pixels that each stands for, are the
  /// estimate, without bias.
  ///
  /// - Parameter drawn: what was drawn for each.
  public func shortCutCosts(
    _ requests: [CompletionRequest], drawn levels: [[Float]], _ filling: SteppedFilling,
    _ pass: Pass
  ) -> [Double]? {
    guard let passes = filling.passes else { return nil }
    let all = requests.enumerated().flatMap { index, request in
      questions(index, request, levels[index], passes)
    }
    let scores = Tiles.map(all) { tile in
      var images = tile.items.map(\.levels)
      return walk(
        &images, missing: tile.items.map(\.missing), orders: tile.items.map(\.pixels),
        labels: tile.items.map(\.label), passes: 1, draws: nil, pass)
    }
    return zip(all, scores).reduce(into: [Double](repeating: 0, count: requests.count)) {
      $0[$1.0.image] += $1.0.weight * $1.1
    }
  }

  /// The pixels to score: together, with their pass missing, for the weight; and each alone with what comes before it known,
  /// against it.
  private func questions(
    _ image: Int, _ request: CompletionRequest, _ levels: [Float], _ passes: Int
  ) -> [PixelQuestion] {
    let order = order(of: request.missing)
    let ends = Self.ends(order.count, passes: passes)
    let count = ends.count - 1
    guard count > 0 else { return [] }
    let random = request.random.with(purpose: .validation)
    let chosen = max(0, min(count - 1, Int(random.uniform(0) * Float(count))))
    let (start, size) = (ends[chosen], ends[chosen + 1] - ends[chosen])
    let scored = min(size, mostScoredAlone)
    // One of each of as many equal parts of the pass, which need not end between pixels.
    let places = (0..<scored).map { part in
      let share = (Float(part) + random.uniform(1 + part)) / Float(scored)
      return start + (size == scored ? part : min(size - 1, Int(share * Float(size))))
    }
    let weight = Double(count) * Double(size) / Double(scored)
    func question(_ pixels: [Int], known: Int, _ weight: Double) -> PixelQuestion {
      var missing = [Bool](repeating: false, count: request.missing.count)
      for place in order[known...] { missing[place] = true }
      return PixelQuestion(
        image: image, levels: levels, missing: missing, label: request.label,
        pixels: pixels.map { order[$0] }, weight: weight)
    }
    return [question(places, known: start, weight)]
      + places.map { question([$0], known: $0, -weight) }
  }
}

/// Pixels to be scored as if independent, and what their log-probability counts for.
private struct PixelQuestion: Sendable {
  let image: Int
  let levels: [Float]
  let missing: [Bool]
  let label: Int?
  let pixels: [Int]
  let weight: Double
}
