import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Autoregressive {
  /// Log-likelihoods under the mixture of the first orders that the model has learnt, each as
  /// likely as the others: log (1/n) Σ p(x | order), exact (Jain and others 2020, Locally Masked
  /// Convolution for Autoregressive Models, section 3.3).
  ///
  /// - Parameter count: orders to average, at most `orders.count`.
  public func scores(_ batch: ImageBatch, orders count: Int, _ pass: Pass) -> Scores {
    precondition((1...orders.count).contains(count), "\(count) orders of \(orders.count)")
    let ofOrders = orders.prefix(count).map { order in
      scores(batch.turned(to: [PixelOrder](repeating: order, count: batch.count)), pass)
        .logLikelihoods
    }
    let means = (0..<batch.count).map { image in
      logSumExp(ofOrders.map { $0[image] }) - log(Double(count))
    }
    return Scores(logLikelihoods: means, kind: .exact)
  }

  /// The order in which a hole is filled: one in which it comes last, or else the one in which the fewest known
  /// pixels come after its beginning; of several the first.
  public func order(for missing: [Bool]) -> PixelOrder {
    var best = (order: orders[0], ignored: Int.max)
    for order in orders {
      let ignored = knownPixelsBehind(missing.taken(in: order, shape))
      if ignored < best.ignored { best = (order, ignored) }
      if ignored == 0 { break }
    }
    return best.order
  }
}

/// Known pixels after the first missing one, a value a pixel in the order in which they are drawn.
func knownPixelsBehind(_ missing: [Bool]) -> Int {
  guard let first = missing.firstIndex(of: true) else { return 0 }
  return missing[first...].count { !$0 }
}

extension Array {
  /// The values of pixels, `count / pixelCount` for each, in the order in which they are drawn.
  func taken(in order: PixelOrder, _ shape: ImageShape) -> [Element] {
    guard order != .raster else { return self }
    let size = count / shape.pixelCount
    return order.pixels(height: shape.height, width: shape.width).flatMap {
      self[$0 * size..<($0 + 1) * size]
    }
  }

  /// The values of pixels, given in the order in which they are drawn, in raster order again.
  func returned(from order: PixelOrder, _ shape: ImageShape) -> [Element] {
    guard order != .raster else { return self }
    let size = count / shape.pixelCount
    var result = self
    for (place, pixel) in order.pixels(height: shape.height, width: shape.width).enumerated() {
      for i in 0..<size { result[pixel * size + i] = self[place * size + i] }
    }
    return result
  }
}
