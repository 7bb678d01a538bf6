import Tensors

extension ImageBatch {
  /// The images turned, each so that its order becomes raster order.
  public func turned(to orders: [PixelOrder]) -> ImageBatch {
    precondition(orders.count == count && self.orders == nil)
    let (height, width, channels) = (levels.shape[1], levels.shape[2], levels.shape[3])
    var places: [PixelOrder: [Int]] = [:]
    for order in Set(orders) { places[order] = order.pixels(height: height, width: width) }
    let turned = Tensor(shape: levels.shape) { target in
      levels.withValues { source in
        for (image, order) in orders.enumerated() {
          let start = image * height * width
          for (place, pixel) in places[order, default: []].enumerated() {
            for channel in 0..<channels {
              target[(start + place) * channels + channel] =
                source[(start + pixel) * channels + channel]
            }
          }
        }
      }
    }
    return ImageBatch(levels: turned, labels: labels, orders: orders)
  }
}
