import Platform
import Tensors

extension Autoregressive {
  /// Log-likelihoods under the mixture of the first orders that the model has learnt, each as
  /// likely as the others: log (1/n) Σ p(x | order), exact (Jain and others 2020, Locally Masked
  /// Convolution for Autoregressive Models, section 3.3).
  public func scores(_ batch: ImageBatch, orders count: Int, _ pass: Pass) -> [Double] {
    precondition((1...orders.count).contains(count), "\(count) orders of \(orders.count)")
    let ofOrders = orders.prefix(count).map { scores(batch, order: $0, pass) }
    return (0..<batch.count).map { image in
      logSumExp(ofOrders.map { $0[image] }) - log(Double(count))
    }
  }

  /// The order in which a hole is filled: one in which it comes last, or else the one in which the fewest known
  /// pixels come after its beginning; of several the first.
  public func order(for missing: [Bool]) -> PixelOrder {
    var best = (order: orders[0], ignored: Int.max)
    for order in orders {
      let ignored = knownPixelsBehind(missing.permuted(to: order, shape))
      if ignored < best.ignored { best = (order, ignored) }
      if ignored == 0 { break }
    }
    return best.order
  }

  /// The order in which a hole is filled by a method.
  func order(for missing: [Bool], _ filling: OrderedFilling) -> PixelOrder {
    filling.method == .raster ? orders[0] : order(for: missing)
  }

  /// Exact where no known pixel comes after a missing one; else by particles, or blind to those that do.
  public func outlook(_ missing: [Bool], _ filling: OrderedFilling) -> FillingOutlook {
    let order = order(for: missing, filling)
    guard knownPixelsBehind(missing.permuted(to: order, shape)) > 0 else {
      return FillingOutlook(
        isExact: true, method: filling.method == .raster ? "raster" : "ordered",
        followsScores: order == orders[0])
    }
    guard filling.mayTakeParticles else {
      return FillingOutlook(isExact: false, method: filling.method.rawValue)
    }
    return FillingOutlook(
      isExact: false, method: "particles", isScoreEstimated: true, imagesDrawn: filling.particles)
  }

  /// Particles, where some may be taken.
  public func mostImagesDrawn(_ filling: OrderedFilling) -> Int {
    filling.mayTakeParticles ? filling.particles : 1
  }

  /// Whether a hole is filled by particles: they are asked for, and known pixels come after missing ones.
  func takesParticles(_ missing: [Bool], _ filling: OrderedFilling) -> Bool {
    outlook(missing, filling).method == "particles"
  }
}

/// Known pixels after the first missing one, a value a pixel in the order in which they are drawn.
func knownPixelsBehind(_ missing: [Bool]) -> Int {
  guard let first = missing.firstIndex(of: true) else { return 0 }
  return missing[first...].count { !$0 }
}
