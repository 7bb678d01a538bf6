import Layers
import Tensors

extension OrderAgnostic {
  /// Where a walk over some pixels stands after each pass, 0 first.
  static func ends(_ count: Int, passes: Int?) -> [Int] {
    let passes = min(count, max(1, passes ?? count))
    return (0...passes).map { passes == 0 ? 0 : $0 * count / passes }
  }

  /// The order in which a hole is filled: random, but the hole's own, so that every filling of it has its probability
  /// under one and the same distribution.
  package func order(of missing: [Bool]) -> [Int] {
    let places = missing.indices.filter { missing[$0] }
    return RandomSource(seed: 0, purpose: .masks).permutation(places.count).map { places[$0] }
  }

  /// The numbers of each image, and how sharply pixels are drawn with them.
  typealias Draws = (random: [RandomSource], temperature: Float)

  /// Takes the missing pixels in their orders: draws them, or where there is nothing to draw with, reads them.
  ///
  /// The tile always has `Tiles.size` images, padded: a product's rounding can depend on its number of rows.
  ///
  /// - Returns: Σ log p of the pixels taken, for each image.
  func walk(
    _ images: inout [[Float]], missing: [[Bool]], orders: [[Int]], labels: [Int?],
    passes: Int?, draws: Draws?, _ pass: Pass
  ) -> [Double] {
    let (pixels, channels) = (shape.pixelCount, shape.channels)
    let (width, needed) = (distribution.parameterCount, distribution.drawsPerPixel)
    let padding = Tiles.size - images.count
    let uniforms = draws.map { $0.random.map { $0.uniforms(pixels * needed) } }
    // Where each image's walk stands after each pass.
    let ends = orders.map { Self.ends($0.count, passes: passes) }
    var hidden = missing.flatMap { $0 } + [Bool](repeating: false, count: padding * pixels)
    var sums = [Double](repeating: 0, count: images.count)
    let padded = labels + [Int?](repeating: nil, count: padding)
    for step in 0..<(ends.map(\.count).max() ?? 1) - 1 {
      let levels =
        images.flatMap { $0 } + [Float](repeating: 0, count: padding * shape.dimensionCount)
      let batch = ImageBatch(
        levels: Tensor(levels, shape: [Tiles.size, shape.height, shape.width, channels]),
        labels: padded)
      let parameters = parameters(of: batch, missing: hidden, pass)
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
