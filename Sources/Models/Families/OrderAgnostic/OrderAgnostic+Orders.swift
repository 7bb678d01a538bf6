import Platform
import Tensors

extension OrderAgnostic {
  /// As many as one may want to average.
  public var orderCount: Int { 1024 }

  /// The pixels in the order of this number; in the first one a wholly missing image is filled.
  package func order(_ number: Int) -> [Int] {
    number == 0
      ? order(of: [Bool](repeating: true, count: shape.pixelCount))
      : RandomSource(seed: 0, purpose: .orders, index: UInt64(number)).permutation(shape.pixelCount)
  }

  /// Exact log-likelihoods under the mixture of the first orders, each as likely as the others (Uria and others 2014, A Deep
  /// and Tractable Density Estimator, section 4): a pass of the network for each pixel and order.
  public func scores(_ batch: ImageBatch, orders count: Int, _ pass: Pass) -> [Double] {
    precondition((1...orderCount).contains(count), "\(count) orders of \(orderCount)")
    let missing = [Bool](repeating: true, count: shape.pixelCount)
    let size = shape.dimensionCount
    let levels = batch.levels.values
    let ofOrders = (0..<count).map { number in
      let order = order(number)
      return Tiles.map(Array(0..<batch.count)) { tile in
        var images = tile.items.map { Array(levels[$0 * size..<($0 + 1) * size]) }
        return walk(
          &images, missing: tile.items.map { _ in missing }, orders: tile.items.map { _ in order },
          labels: tile.items.map { batch.labels[$0] }, passes: nil, draws: nil, pass)
      }
    }
    return (0..<batch.count).map { image in
      logSumExp(ofOrders.map { $0[image] }) - log(Double(count))
    }
  }
}
