public import Layers
public import Tensors

/// A model that explains every image by a point of a latent space: p(x | c) = ∫ p(x | z, c) p(z | c) dz.
///
/// Scores, samples, completions, features and reconstructions follow from the five members (Kingma and Welling 2014,
/// Auto-Encoding Variational Bayes).
public protocol LatentVariable: ImportanceScoring, Sampling, Completing, Decoding {
  /// The distribution of a pixel, given the network's parameters for it.
  var distribution: any PixelDistribution { get }

  /// The encoder's distribution q(z | x, c) of each image, rows of `latentCount`.
  func posterior(of batch: ImageBatch, _ pass: Pass) -> DiagonalGaussian

  /// The parameters of p(x | z, c), float32 `[rows, height, width, distribution.parameterCount]`.
  ///
  /// - Parameter latents: float32 `[rows, latentCount]`.
  func pixelParameters(latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor

  /// log p(z | c) of each row, float32 `[rows]`, or the logarithm of an unbiased estimate of p(z | c).
  ///
  /// - Parameter random: the numbers of each row's estimate, if it takes any.
  func logPriors(latents: Tensor, labels: [Int?], random: [RandomSource]) -> Tensor

  /// KL(q(z | x, c) || p(z | c)) of each row in nats, float32 `[rows]`, in closed form or estimated from draws.
  ///
  /// - Parameter latents: a draw from each row's posterior.
  func divergences(
    of posterior: DiagonalGaussian, latents: Tensor, labels: [Int?], random: [RandomSource]
  ) -> Tensor

  /// A draw from p(z | c) for each request, float32 `[requests, latentCount]`.
  func priorDraws(_ requests: [SampleRequest], temperature: Float) -> Tensor
}

extension LatentVariable {
  /// The standard normal prior.
  public func logPriors(latents: Tensor, labels: [Int?], random: [RandomSource]) -> Tensor {
    DiagonalGaussian.standardLogDensity(latents)
  }

  /// The closed form for a standard normal prior.
  public func divergences(
    of posterior: DiagonalGaussian, latents: Tensor, labels: [Int?], random: [RandomSource]
  ) -> Tensor {
    posterior.divergenceFromStandard
  }

  /// Draws from a standard normal prior; a temperature scales them.
  public func priorDraws(_ requests: [SampleRequest], temperature: Float) -> Tensor {
    latentNoise(requests.map(\.random), count: latentCount) * temperature
  }

  /// The encoder's means and variances.
  public func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
    let posterior = posterior(of: batch, pass)
    return Encodings(means: posterior.mean, variances: posterior.logVariance.exp())
  }

  /// The mean of p(x | z, c).
  public func decodings(_ latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    distribution.meanImages(
      parameters: pixelParameters(latents: latents, labels: labels, pass), shape: shape)
  }

  /// A latent point, then an image, for each request.
  public func samples(_ requests: [SampleRequest], temperature: Float, _ pass: Pass) -> Tensor {
    painted(requests, temperature: temperature, pass) { padded, _ in
      priorDraws(padded, temperature: temperature)
    }
  }

  /// An image for each request from a latent point that is given: a draw from p(x | z, c).
  ///
  /// - Parameter latents: float32 `[requests, latentCount]`.
  public func samples(
    _ requests: [SampleRequest], latents: Tensor, temperature: Float, _ pass: Pass
  ) -> Tensor {
    precondition(latents.shape == [requests.count, latentCount], "a latent point a request")
    return painted(requests, temperature: temperature, pass) { padded, range in
      let rows = latents.sliced(range, axis: 0)
      guard range.count < padded.count else { return rows }
      let first = latents.sliced(range.lowerBound..<range.lowerBound + 1, axis: 0)
      return .concatenated([rows, first.repeatedRows(padded.count - range.count)], axis: 0)
    }
  }

  /// Draws the pixels of every request, a tile of them on each thread.
  ///
  /// - Parameter latents: the latent points of a tile, which is padded to `tileSize` requests, given the range of
  ///   those that count.
  private func painted(
    _ requests: [SampleRequest], temperature: Float, _ pass: Pass,
    latents: @Sendable ([SampleRequest], Range<Int>) -> Tensor
  ) -> Tensor {
    let tiles = (requests.count + tileSize - 1) / tileSize
    let images = ThreadPool.map(tiles) { tile -> [Float] in
      let range = tile * tileSize..<min(requests.count, (tile + 1) * tileSize)
      let part = Array(requests[range])
      let padded = part + [SampleRequest](repeating: part[0], count: tileSize - part.count)
      let parameters = pixelParameters(
        latents: latents(padded, range), labels: padded.map(\.label), pass)
      return part.indices.flatMap { index in
        var levels = [Float](repeating: 0, count: shape.dimensionCount)
        distribution.draw(
          image: index, of: parameters, part[index].random, round: 0, temperature: temperature,
          channels: shape.channels, into: &levels)
        return levels
      }
    }
    return Tensor(
      images.flatMap { $0 }, shape: [requests.count, shape.height, shape.width, shape.channels])
  }
}

/// Float32 `[sources, count]` of standard normal numbers: draws `round * count ..< (round + 1) * count` of each
/// source's latent stream.
func latentNoise(_ sources: [RandomSource], round: Int = 0, count: Int) -> Tensor {
  // Normal numbers are made in pairs: an even stride keeps one round's apart from the next one's.
  let stride = count + count % 2
  let rows = sources.map {
    $0.with(purpose: .latents).normal([1, count], from: round * stride)
  }
  return rows.count == 1 ? rows[0] : .concatenated(rows, axis: 0)
}

extension Tensor {
  /// All rows over again `count` times; a constant.
  func repeatedRows(_ count: Int) -> Tensor {
    count == 1 ? self : .concatenated([Tensor](repeating: self, count: count), axis: 0)
  }
}

extension RandomSource {
  /// The stream of an index that this one's and a number decide: streams for the parts of what this one is for.
  package func derived(_ number: Int) -> RandomSource {
    at(Int(truncatingIfNeeded: index &* 1_000_003 &+ UInt64(number)))
  }
}

extension ImageBatch {
  /// Random numbers for each image that depend on its levels alone, so that an estimate is a function of
  /// the image, whatever else is in the batch.
  func contentRandom(seed: UInt64, purpose: RandomSource.Purpose) -> [RandomSource] {
    let size = levels.count / max(1, count)
    return levels.withValues { values in
      (0..<count).map { image in
        var hash = StableHash()
        for value in values[image * size..<(image + 1) * size] { hash.take(UInt64(value)) }
        return RandomSource(seed: seed, purpose: purpose, index: hash.value)
      }
    }
  }
}
