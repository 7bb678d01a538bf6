import Layers
import Tensors

extension Autoregressive {
  /// Fills each hole in the order that suits it best: exact where no known pixel comes after a missing one, and
  /// otherwise blind to those that do.
  ///
  /// Tiles of images are spread over the threads.
  public func completions(
    _ requests: [CompletionRequest], temperature: Float, _ pass: Pass
  ) -> [Completion] {
    let tiles = (requests.count + tileSize - 1) / tileSize
    return ThreadPool.map(tiles) { tile in
      let range = tile * tileSize..<min(requests.count, (tile + 1) * tileSize)
      let orders = requests[range].map { order(for: $0.missing) }
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
        sample(
          missing, parameters, uniforms, pixel: pixel, temperature: temperature, into: &images)
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
        isExact: isExact(requests[index].missing, temperature: temperature), method: "ordered")
    }
  }

  /// One past the last pixel that any of the images misses.
  private func lastMissingPixel(of requests: [CompletionRequest]) -> Int {
    requests.reduce(0) { last, request in
      max(last, (request.missing.lastIndex(of: true) ?? -1) + 1)
    }
  }

  /// Draws one pixel of the images that miss it.
  private func sample(
    _ missing: [Int], _ parameters: Tensor, _ uniforms: [[Float]], pixel: Int, temperature: Float,
    into images: inout [[Float]]
  ) {
    let (width, draws, channels) = (
      distribution.parameterCount, distribution.drawsPerPixel, shape.channels
    )
    parameters.withValues { values in
      for image in missing {
        uniforms[image].withUnsafeBufferPointer { uniform in
          images[image].withUnsafeMutableBufferPointer { levels in
            distribution.sample(
              parameters: .init(rebasing: values[image * width..<(image + 1) * width]),
              uniforms: .init(rebasing: uniform[pixel * draws..<(pixel + 1) * draws]),
              temperature: temperature,
              levels: .init(rebasing: levels[pixel * channels..<(pixel + 1) * channels]))
          }
        }
      }
    }
  }

  /// One pixel of every image of the tile, padding included.
  private func levels(of images: [[Float]], pixel: Int) -> [Float] {
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
  fileprivate func taken(in order: PixelOrder, _ shape: ImageShape) -> CompletionRequest {
    CompletionRequest(
      levels: levels.taken(in: order, shape), missing: missing.taken(in: order, shape),
      label: label, random: random)
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
