import Layers
import Tensors

extension OrderAgnostic {
  /// Fills missing pixels one by one in a random order, all known pixels heeded: exact.
  ///
  /// With fewer passes than missing pixels several are drawn at once, as if they were independent
  /// given the others: not exact.
  public func completions(
    _ requests: [CompletionRequest], _ filling: SteppedFilling, temperature: Float, _ pass: Pass
  ) -> [Completion] {
    Tiles.map(requests) { tile in
      let part = tile.items
      var images = part.map(\.levels)
      let logLikelihoods = walk(
        &images, missing: part.map(\.missing), orders: part.map { order(of: $0.missing) },
        labels: part.map(\.label), passes: filling.passes,
        draws: (part.map(\.random), temperature), pass)
      return zip(images, logLikelihoods).map { Completion(levels: $0, logLikelihood: $1) }
    }
  }

  /// Exact, whatever is missing, where every missing pixel has a pass of its own.
  public func outlook(_ missing: [Bool], _ filling: SteppedFilling) -> FillingOutlook {
    let order = order(of: missing)
    let isComplete = (filling.passes ?? .max) >= order.count
    let ofAll = self.order(of: [Bool](repeating: true, count: missing.count))
    return FillingOutlook(
      isExact: isComplete, method: isComplete ? "any-order" : "any-order-steps",
      isScoreExact: true, scoreMethod: "any-order",
      followsScores: ofAll.suffix(order.count).elementsEqual(order),
      isShortCut: !isComplete)
  }

  /// Draws images as completions of images of which every pixel is missing.
  public func samples(
    _ requests: [SampleRequest], temperature: Temperature, _ pass: Pass
  ) -> [Sample] {
    completions(
      requests.map { CompletionRequest(everyPixelOf: shape, $0) }, SteppedFilling(),
      temperature: temperature.ofPixels, pass
    ).map {
      // What is known of it is exact; a model whose scores are bounds is asked for one.
      Sample(levels: $0.levels, logLikelihood: scoreKind == .exact ? $0.logLikelihood : nil)
    }
  }

  /// Scores missing pixels one by one in the order in which the hole is filled: exact.
  public func conditionalScores(
    _ requests: [ConditionalRequest], _ filling: SteppedFilling, _ pass: Pass
  ) -> [Double] {
    Tiles.map(requests) { tile in
      let part = tile.items
      var images = part.map(\.levels)
      return walk(
        &images, missing: part.map(\.missing), orders: part.map { order(of: $0.missing) },
        labels: part.map(\.label), passes: nil, draws: nil, pass)
    }
  }
}
