import Layers
import Tensors

extension Autoregressive {
  /// Fills holes by sequential Monte Carlo along the model's order: every particle draws the missing pixels from the model,
  /// and each known pixel that comes after a missing one multiplies its weight by the pixel's probability (Gordon, Salmond
  /// and Smith 1993, Novel Approach to Nonlinear/Non-Gaussian Bayesian State Estimation).
  ///
  /// Where weights have become too unequal, particles are resampled. More than a tile of particles are several islands
  /// that never exchange any, weighed by their evidence (Vergé and others 2015, On Parallel Implementation of Sequential
  /// Monte Carlo Methods: the Island Particle Model): threads need not wait for each other.
  ///
  /// A temperature other than 1 sharpens what is drawn, not what it is weighed by; the evidence is then that of the
  /// sharpened drawings.
  ///
  /// - Parameters:
  ///   - requests: with holes; their `common` numbers are the particles'.
  ///   - count: particles an image.
  /// - Returns: the particles of each request; they depend on that request's image, hole, class and numbers alone.
  public func particles(
    _ requests: [CompletionRequest], count: Int, temperature: Float = 1, _ pass: Pass
  ) -> [WeightedParticles] {
    precondition(count > 0, "\(count) particles")
    var islands: [ParticleIsland] = []
    // Where each request's islands lie; requests for the same particles share them.
    var places: [Range<Int>] = []
    for (index, request) in requests.enumerated() {
      if index > 0, request.sharesParticles(with: requests[index - 1], shape) {
        places.append(places[index - 1])
      } else {
        let start = islands.count
        islands += self.islands(of: request, count: count)
        places.append(start..<islands.count)
      }
    }
    let tiles = ParticleTiles.packed(islands.map(\.count))
    let walked = ThreadPool.map(tiles.count) { [islands] tile in
      walk(Array(islands[tiles[tile]]), temperature: temperature, pass)
    }.flatMap { $0 }
    var particles: [WeightedParticles] = []
    for (index, place) in places.enumerated() {
      particles.append(
        index > 0 && place == places[index - 1]
          ? particles[index - 1] : WeightedParticles(Array(walked[place]), shape))
    }
    return particles
  }

  private func islands(of request: CompletionRequest, count: Int) -> [ParticleIsland] {
    precondition(request.missing.contains(true), "particles without a hole")
    let order = order(for: request.missing)
    let permuted = request.permuted(to: order, shape)
    let groups = Tiles.count(count)
    return (0..<groups).map { group in
      ParticleIsland(
        permuted, order: order,
        count: count / groups + (group < count % groups ? 1 : 0),
        random: request.common.derived(group), draws: shape.pixelCount * distribution.drawsPerPixel)
    }
  }

  /// Takes all pixels of a tile of islands, on the calling thread.
  private func walk(
    _ start: [ParticleIsland], temperature: Float, _ pass: Pass
  ) -> [ParticleIsland] {
    var islands = start
    let rows = ParticleTiles.rows(islands.map(\.count))
    let stepper = stepper(
      labels: islands.flatMap { [Int?](repeating: $0.request.label, count: $0.count) },
      orders: islands.flatMap { [PixelOrder](repeating: $0.order, count: $0.count) }, pass)
    let first = islands.map(\.first).min() ?? 0
    for pixel in 0..<shape.pixelCount {
      if pixel >= first {
        ParticleTiles.resample(&islands, rows, before: pixel, stepper)
        let parameters = stepper.nextParameters()
        parameters.withValues { values in
          for (island, row) in zip(islands.indices, rows)
          where islands[island].request.missing[pixel] {
            for particle in 0..<islands[island].count {
              distribution.draw(
                pixel: pixel, from: row + particle, of: values,
                uniforms: islands[island].uniforms[particle], temperature: temperature,
                channels: shape.channels, into: &islands[island].images[particle])
            }
          }
        }
        let levels = shape.levels(
          of: islands.flatMap(\.images), pixel: pixel, rows: stepper.rows)
        let losses = distribution.negativeLogLikelihood(
          parameters: parameters, levels: Tensor(levels, shape: [stepper.rows, shape.channels])
        ).values
        for (island, row) in zip(islands.indices, rows) {
          islands[island].take(pixel, losses: losses[row..<row + islands[island].count])
        }
      }
      stepper.advance(
        shape.levels(of: islands.flatMap(\.images), pixel: pixel, rows: stepper.rows))
    }
    return islands
  }
}

/// How islands share the places of a tile.
enum ParticleTiles {
  /// The islands of each tile, as many as fit, in order.
  static func packed(_ counts: [Int]) -> [Range<Int>] {
    var tiles: [Range<Int>] = []
    var (start, filled) = (0, 0)
    for (island, count) in counts.enumerated() {
      if filled + count > Tiles.size {
        tiles.append(start..<island)
        (start, filled) = (island, 0)
      }
      filled += count
    }
    if start < counts.count { tiles.append(start..<counts.count) }
    return tiles
  }

  /// The first row of each island in its tile.
  static func rows(_ counts: [Int]) -> [Int] {
    var next = 0
    return counts.map { count in
      defer { next += count }
      return next
    }
  }

  /// Resamples the islands that need it, in the stepper too.
  static func resample(
    _ islands: inout [ParticleIsland], _ rows: [Int], before pixel: Int,
    _ stepper: any PixelStepper
  ) {
    var sources = Array(0..<stepper.rows)
    var hasChanged = false
    for (island, row) in zip(islands.indices, rows) {
      guard let own = islands[island].resample(before: pixel) else { continue }
      hasChanged = true
      for (particle, source) in own.enumerated() { sources[row + particle] = row + source }
    }
    if hasChanged { stepper.copyImages(sources) }
  }
}

extension CompletionRequest {
  /// Whether particles of one are particles of the other: the same hole, known pixels, class and numbers.
  fileprivate func sharesParticles(with other: CompletionRequest, _ shape: ImageShape) -> Bool {
    common == other.common && label == other.label && missing == other.missing
      && levels.indices.allSatisfy {
        missing[$0 / shape.channels] || levels[$0] == other.levels[$0]
      }
  }
}
