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
    _ requests: [SampleRequest], temperature: Float, _ pass: Pass
  ) -> [Sample] {
    completions(
      requests.map { CompletionRequest(everyPixelOf: shape, $0) }, OrderedFilling(),
      temperature: temperature, pass
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
    Tiles.map(requests) { tile in
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
    let stepper = stepper(
      labels: requests.map(\.label), orders: orders, pass)
    var images = requests.map(\.levels)
    var logLikelihoods = [Double](repeating: 0, count: requests.count)
    let uniforms = requests.map {
      $0.random.uniforms(shape.pixelCount * distribution.drawsPerPixel)
    }
    for pixel in 0..<lastMissingPixel(of: requests) {
      let missing = requests.indices.filter { requests[$0].missing[pixel] }
      if !missing.isEmpty {
        let parameters = stepper.nextParameters()
        parameters.withValues { values in
          for image in missing {
            distribution.draw(
              pixel: pixel, from: image, of: values, uniforms: uniforms[image],
              temperature: temperature, channels: shape.channels, into: &images[image])
          }
        }
        let losses = distribution.negativeLogLikelihood(
          parameters: parameters,
          levels: Tensor(levels(of: images, pixel: pixel), shape: [Tiles.size, shape.channels]))
        losses.withValues { values in
          for image in missing { logLikelihoods[image] -= Double(values[image]) }
        }
      }
      stepper.advance(levels(of: images, pixel: pixel))
    }
    return zip(images, logLikelihoods).map { Completion(levels: $0, logLikelihood: $1) }
  }

  /// One past the last pixel that any of the images misses.
  private func lastMissingPixel(of requests: [CompletionRequest]) -> Int {
    requests.reduce(0) { last, request in
      max(last, (request.missing.lastIndex(of: true) ?? -1) + 1)
    }
  }

  /// One pixel of every image of the tile, padding included.
  func levels(of images: [[Float]], pixel: Int) -> [Float] {
    let channels = shape.channels
    let known = images.flatMap { $0[pixel * channels..<(pixel + 1) * channels] }
    return known + [Float](repeating: 0, count: Tiles.size * channels - known.count)
  }
}
