public import Layers
public import Tensors

/// A model that explains every image by a point of a latent space: p(x | c) = ∫ p(x | z, c) p(z | c) dz.
///
/// Scores, samples, completions, features and reconstructions follow from the members below (Kingma and Welling 2014,
/// Auto-Encoding Variational Bayes).
public protocol LatentVariable: ImportanceScoring, LatentSampling, Encoding, Decoding, Completing
where Filling == ChainFilling {
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

  /// Encodings are distributions.
  public var givesVariances: Bool { true }

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

  /// An image for each request from a latent point that is given: a draw from p(x | z, c).
  public func samples(
    _ requests: [SampleRequest], latents: Tensor, temperature: Float, _ pass: Pass
  ) -> [Sample] {
    precondition(latents.shape == [requests.count, latentCount], "a latent point a request")
    return Tiles.map(requests) { tile in
      draw(tile, latents: tile.paddedRows(of: latents), temperature: temperature, pass)
    }
  }

  /// Draws the pixels of a tile.
  ///
  /// - Parameter latents: a point for each row of the padded tile.
  private func draw(
    _ tile: Tile<SampleRequest>, latents: Tensor, temperature: Float, _ pass: Pass
  ) -> [Sample] {
    let parameters = pixelParameters(latents: latents, labels: tile.padded.map(\.label), pass)
    return tile.items.enumerated().map { index, request in
      var levels = [Float](repeating: 0, count: shape.dimensionCount)
      distribution.draw(
        image: index, of: parameters, request.random, round: 0, temperature: temperature,
        channels: shape.channels, into: &levels)
      return Sample(levels: levels)
    }
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
