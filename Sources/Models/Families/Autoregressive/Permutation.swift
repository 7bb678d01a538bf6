import Tensors

extension Array {
  /// The values of pixels, `count / pixelCount` for each, in the order in which they are drawn.
  func permuted(to order: PixelOrder, _ shape: ImageShape) -> [Element] {
    guard order != .raster else { return self }
    let size = count / shape.pixelCount
    return order.pixels(height: shape.height, width: shape.width).flatMap {
      self[$0 * size..<($0 + 1) * size]
    }
  }

  /// The values of pixels, given in the order in which they are drawn, in raster order again.
  func permuted(from order: PixelOrder, _ shape: ImageShape) -> [Element] {
    guard order != .raster else { return self }
    let size = count / shape.pixelCount
    var result = self
    for (place, pixel) in order.pixels(height: shape.height, width: shape.width).enumerated() {
      for i in 0..<size { result[pixel * size + i] = self[place * size + i] }
    }
    return result
  }
}

extension ImageBatch {
  /// The images permuted, each so that its order becomes raster order.
  public func permuted(to orders: [PixelOrder]) -> ImageBatch {
    precondition(orders.count == count, "an order for each image")
    guard orders.contains(where: { $0 != .raster }) else { return self }
    let (height, width, channels) = (levels.shape[1], levels.shape[2], levels.shape[3])
    var places: [PixelOrder: [Int]] = [:]
    for order in Set(orders) { places[order] = order.pixels(height: height, width: width) }
    let permuted = Tensor(shape: levels.shape) { target in
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
    return ImageBatch(levels: permuted, labels: labels)
  }
}

extension CompletionRequest {
  /// The request for the image permuted to an order.
  func permuted(to order: PixelOrder, _ shape: ImageShape) -> CompletionRequest {
    CompletionRequest(
      levels: levels.permuted(to: order, shape), missing: missing.permuted(to: order, shape),
      label: label, random: random, common: common)
  }
}
