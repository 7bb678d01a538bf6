import Layers
import Tensors

extension Autoregressive {
  /// Fills each hole by its request's method: pixel by pixel in an order of the model, exact where no known pixel comes
  /// after a missing one, and otherwise by particles where these are asked for, or blind to those that do.
  ///
  /// Tiles of images are spread over the threads.
  public func completions(
    _ requests: [CompletionRequest], temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let isByParticles = requests.map { takesParticles($0.missing, $0.filling) }
    let ofParticles = zip(requests, isByParticles).filter(\.1).map(\.0)
    let ofOrders = zip(requests, isByParticles).filter { !$0.1 }.map(\.0)
    var drawn = ordered(ofOrders, temperature: temperature, pass)[...]
    var picked = zip(particles(ofParticles, temperature: temperature, pass), ofParticles)
      .map { $0.completion($1.random) }[...]
    return isByParticles.compactMap { $0 ? picked.popFirst() : drawn.popFirst() }
  }

  /// Whether a hole is filled by particles: they are asked for, and known pixels come after missing ones.
  package func takesParticles(_ missing: [Bool], _ filling: FillingMethod) -> Bool {
    guard case .particles = filling else { return false }
    return knownPixelsBehind(missing.taken(in: order(for: missing), shape)) > 0
  }

  /// The order in which a hole is filled, and what the method is called.
  func order(for missing: [Bool], _ filling: FillingMethod) -> (order: PixelOrder, name: String) {
    filling == .raster ? (orders[0], "raster") : (order(for: missing), "ordered")
  }

  private func ordered(
    _ requests: [CompletionRequest], temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let tiles = (requests.count + tileSize - 1) / tileSize
    return ThreadPool.map(tiles) { tile in
      let range = tile * tileSize..<min(requests.count, (tile + 1) * tileSize)
      let orders = requests[range].map { order(for: $0.missing, $0.filling).order }
      let turned = zip(requests[range], orders).map { $0.taken(in: $1, shape) }
      let drawn = drawTile(turned, orders, temperature: temperature, pass)
      return zip(drawn, orders).map { $0.returned(from: $1, shape) }
    }.flatMap { $0 }
  }

  /// Draws at most `tileSize` images, turned to their orders, on the calling thread.
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
          levels: Tensor(levels(of: images, pixel: pixel), shape: [tileSize, shape.channels]))
        losses.withValues { values in
          for image in missing { logLikelihoods[image] -= Double(values[image]) }
        }
      }
      stepper.advance(levels(of: images, pixel: pixel))
    }
    return requests.indices.map { index in
      Completion(
        levels: images[index], logLikelihood: logLikelihoods[index],
        isExact: isExact(requests[index].missing, temperature: temperature),
        method: requests[index].filling == .raster ? "raster" : "ordered")
    }
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
    return known + [Float](repeating: 0, count: tileSize * channels - known.count)
  }
}

/// Whether a hole is filled from the model's own conditional distribution: nothing is to be drawn, or the hole comes
/// last and nothing sharpens the distribution.
private func isExact(_ missing: [Bool], temperature: Float) -> Bool {
  !missing.contains(true) || (temperature == 1 && knownPixelsBehind(missing) == 0)
}

extension CompletionRequest {
  /// The request for the image turned to an order.
  func taken(in order: PixelOrder, _ shape: ImageShape) -> CompletionRequest {
    CompletionRequest(
      levels: levels.taken(in: order, shape), missing: missing.taken(in: order, shape),
      label: label, random: random, passes: passes, filling: filling)
  }
}

extension Completion {
  /// The answer for a turned image, turned back.
  fileprivate func returned(from order: PixelOrder, _ shape: ImageShape) -> Completion {
    Completion(
      levels: levels.returned(from: order, shape), logLikelihood: logLikelihood,
      isExact: isExact, method: method)
  }
}
