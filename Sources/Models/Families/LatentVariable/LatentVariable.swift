public import Layers
public import Tensors

/// A model that explains every image by a point of a latent space: p(x | c) = ∫ p(x | z, c) p(z | c) dz.
///
/// Scores, samples, completions, features and reconstructions follow from the members below (Kingma and Welling 2014,
/// Auto-Encoding Variational Bayes).
public protocol LatentVariable: ImportanceScoring, LatentSampling, Encoding, Decoding, Completing
where Filling == ChainFilling {
  /// What turns latent points into images.
  var decoder: LatentDecoder { get }

  /// The encoder's distribution q(z | x, c) of each image, rows of `latentCount`.
  func posterior(of batch: ImageBatch, _ pass: Pass) -> DiagonalGaussian

  /// What the decoder is told of latent points, and of classes where it is told any: float32 `[rows, numbers]`.
  ///
  /// - Parameter latents: float32 `[rows, latentCount]`.
  func decoderInput(latents: Tensor, labels: [Int?]) -> Tensor

  /// Whether `logPriors` are estimates: what rests on a few of them strays by about a nat.
  var estimatesPriors: Bool { get }

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
  /// The distribution of a pixel.
  public var distribution: any PixelDistribution { decoder.distribution }

  /// Latent points alone.
  public func decoderInput(latents: Tensor, labels: [Int?]) -> Tensor { latents }

  /// What the decoder makes of latent points, a row each.
  func maps(latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    decoder.maps(of: decoderInput(latents: latents, labels: labels), pass)
  }

  /// They are not.
  public var estimatesPriors: Bool { false }

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

  /// The mean of p(x | z, c), or where pixels depend on those before them, each pixel's mean given theirs.
  public func decodings(_ latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    guard decoder.isCausal else {
      return distribution.meanImages(
        parameters: maps(latents: latents, labels: labels, pass), shape: shape)
    }
    let images = Tiles.map(Array(labels.indices)) { tile in
      guard let stepper = decoder.stepper(pass) else { preconditionFailure("no stepper") }
      stepper.start(
        maps: maps(
          latents: tile.paddedRows(of: latents), labels: tile.padded.map { labels[$0] }, pass))
      return PixelWalk.means(tile.items.count, shape: shape, distribution, by: stepper)
    }
    return ImageBatch(images, shape: shape).levels
  }

  /// An image for each request from a latent point that is given: a draw from p(x | z, c).
  ///
  /// Where many levels are drawn independently of each other, their noise is no part of a picture: unless a temperature
  /// of pixels is given, each pixel's mean is shown.
  public func samples(
    _ requests: [SampleRequest], latents: Tensor, temperature: Temperature, _ pass: Pass
  ) -> [Sample] {
    precondition(latents.shape == [requests.count, latentCount], "a latent point a request")
    let ofPixels = temperature.pixels ?? (decoder.isNoisy ? 0 : temperature.latents)
    return Tiles.map(requests) { tile in
      let labels = tile.padded.map(\.label)
      let maps = maps(latents: tile.paddedRows(of: latents), labels: labels, pass)
      let canvas = [Float](repeating: 0, count: shape.dimensionCount)
      return drawn(
        [[Float]](repeating: canvas, count: tile.items.count),
        missing: [[Bool]](
          repeating: [Bool](repeating: true, count: shape.pixelCount), count: tile.items.count),
        maps: maps, tile.items.map(\.random), round: 0, temperature: ofPixels,
        by: decoder.stepper(pass)
      ).map { Sample(levels: $0) }
    }
  }

  /// Images of which each missing pixel is drawn from p(x_i | z), or p(x_i | x_<i, z): nothing is known there of the pixels
  /// behind it.
  ///
  /// - Parameters:
  ///   - missing: a value a pixel of each image.
  ///   - maps: rows for a whole tile.
  ///   - round: which of an image's numbers to use; no two rounds share any.
  ///   - stepper: the decoder's, where it has one.
  func drawn(
    _ images: [[Float]], missing: [[Bool]], maps: Tensor, _ random: [RandomSource], round: Int,
    temperature: Float, by stepper: LatentDecoder.Stepper?
  ) -> [[Float]] {
    guard let stepper else {
      return images.indices.map { index in
        var levels = images[index]
        distribution.draw(
          image: index, of: maps, random[index], round: round, temperature: temperature,
          channels: shape.channels, where: missing[index], into: &levels)
        return levels
      }
    }
    stepper.start(maps: maps)
    let draws = shape.pixelCount * distribution.drawsPerPixel
    return PixelWalk(shape: shape, distribution: distribution, temperature: temperature).draw(
      images, missing: missing,
      uniforms: random.map { $0.uniforms(draws, from: round * draws) }, by: stepper
    ).map(\.levels)
  }
}

/// Float32 `[sources, count]` of standard normal numbers: draws `round * count ..< (round + 1) * count` of each
/// source's stream of this purpose.
func latentNoise(
  _ sources: [RandomSource], purpose: RandomSource.Purpose = .latents, round: Int = 0, count: Int
) -> Tensor {
  // Normal numbers are made in pairs: an even stride keeps one round's apart from the next one's.
  let stride = count + count % 2
  let rows = sources.map {
    $0.with(purpose: purpose).normal([1, count], from: round * stride)
  }
  return rows.count == 1 ? rows[0] : .concatenated(rows, axis: 0)
}

extension Tensor {
  /// All rows over again `count` times; a constant.
  func repeatedRows(_ count: Int) -> Tensor {
    count == 1 ? self : .concatenated([Tensor](repeating: self, count: count), axis: 0)
  }
}
