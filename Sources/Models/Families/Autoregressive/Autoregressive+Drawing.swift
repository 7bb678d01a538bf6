import Layers
import Tensors

extension Autoregressive {
  /// Fills each hole: pixel by pixel in an order of the model, exact where no known pixel comes
  /// after a missing one, and otherwise by particles, or blind to those that do.
  ///
  /// Tiles of images are spread over the threads.
  public func completions(
    _ requests: [CompletionRequest], _ filling: OrderedFilling, temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let isByParticles = requests.map { takesParticles($0.missing, filling) }
    let ofParticles = zip(requests, isByParticles).filter(\.1).map(\.0)
    let ofOrders = zip(requests, isByParticles).filter { !$0.1 }.map(\.0)
    var drawn = ordered(ofOrders, filling, temperature: temperature, pass)[...]
    var picked = zip(
      particles(ofParticles, count: filling.particles, temperature: temperature, pass), ofParticles
    ).map { $0.completion($1.random) }[...]
    return isByParticles.compactMap { $0 ? picked.popFirst() : drawn.popFirst() }
  }

  /// Draws images as completions of images of which every pixel is missing.
  public func samples(
    _ requests: [SampleRequest], temperature: Temperature, _ pass: Pass
  ) -> [Sample] {
    completions(
      requests.map { CompletionRequest(everyPixelOf: shape, $0) }, OrderedFilling(),
      temperature: temperature.ofPixels, pass
    ).map { Sample(levels: $0.levels, logLikelihood: $0.logLikelihood) }
  }

  /// A full pass for each of the pixels.
  public func samplePlainly(pixels: Int, labels: [Int?], _ pass: Pass) {
    let orders = labels.map { _ in PixelOrder.raster }
    let levels = [Float](repeating: 0, count: Tiles.size * shape.channels)
    let stepper = PlainStepper(labels: labels, orders: orders, shape: shape) {
      parameters(of: $0, orders: $1, pass)
    }
    for _ in 0..<pixels {
      _ = stepper.nextParameters()
      stepper.advance(levels)
    }
  }

  private func ordered(
    _ requests: [CompletionRequest], _ filling: OrderedFilling, temperature: Float, _ pass: Pass
  ) -> [Completion] {
    Tiles.map(requests, least: smallestTile) { tile in
      let orders = tile.items.map { order(for: $0.missing, filling) }
      let permuted = zip(tile.items, orders).map { $0.permuted(to: $1, shape) }
      let drawn = drawTile(permuted, orders, temperature: temperature, pass)
      return zip(drawn, orders).map { drawn, order in
        Completion(
          levels: drawn.levels.permuted(from: order, shape), logLikelihood: drawn.logLikelihood)
      }
    }
  }

  /// Draws at most a tile of images, permuted to their orders, on the calling thread.
  private func drawTile(
    _ requests: [CompletionRequest], _ orders: [PixelOrder], temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let walk = PixelWalk(shape: shape, distribution: distribution, temperature: temperature)
    return walk.draw(
      requests.map(\.levels), missing: requests.map(\.missing),
      uniforms: requests.map {
        $0.random.uniforms(shape.pixelCount * distribution.drawsPerPixel)
      }, by: stepper(labels: requests.map(\.label), orders: orders, pass)
    ).map { Completion(levels: $0.levels, logLikelihood: $0.logLikelihood) }
  }
}
