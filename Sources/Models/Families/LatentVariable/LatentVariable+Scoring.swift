import Layers
import Platform
import Tensors

extension LatentVariable {
  /// Evidence lower bounds.
  public var scoreKind: ScoreKind { .lowerBound }

  /// Evidence lower bounds: E_q[log p(x | z)] - KL(q || p), the expectation estimated by one draw that depends on
  /// the image alone.
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    let labels = batch.labels
    let random = batch.contentRandom(seed: 0, purpose: .validation)
    let posterior = posterior(of: batch, pass)
    let latents = posterior.sample(latentNoise(random, count: latentCount))
    let losses = imageLosses(latents: latents, labels: labels, levels: batch.levels, pass)
    let bounds =
      losses
      + divergences(of: posterior, latents: latents, labels: labels, random: random)
    return bounds.values.map { -Double($0) }
  }

  /// -log p(x | z, c) of each row, float32 `[rows]`.
  func imageLosses(
    latents: Tensor, labels: [Int?], levels: Tensor, _ pass: Pass
  ) -> Tensor {
    pixelLosses(maps: maps(latents: latents, labels: labels, pass), levels: levels, pass)
      .sum(axes: [1, 2])
  }

  /// -log p(x_i | z, c), or p(x_i | x_<i, z, c), of each pixel, float32 `[rows, height, width]`.
  func pixelLosses(maps: Tensor, levels: Tensor, _ pass: Pass) -> Tensor {
    distribution.negativeLogLikelihood(
      parameters: decoder.parameters(maps: maps, levels: levels, pass), levels: levels)
  }

  /// log (1/n) Σ p(x | z_i) p(z_i) / q(z_i | x) with z_i drawn from q: a lower bound in expectation
  /// that tightens with n (Burda and others 2016, Importance Weighted Autoencoders, section 3).
  public func importanceEstimates(
    _ batch: ImageBatch, samples: Int, seed: UInt64, _ pass: Pass
  ) -> [Double] {
    precondition(samples > 0)
    let random = batch.contentRandom(seed: seed, purpose: .validation)
    let posterior = posterior(of: batch, pass)
    return ThreadPool.map(batch.count) { image in
      logProbability(
        levels: batch.levels.sliced(image..<image + 1, axis: 0), label: batch.labels[image],
        proposals: posterior.row(image), random[image], samples: samples, isCounted: nil, pass)
    }
  }

  /// An importance estimate of the log-probability of one image's pixels, or of some of them: log (1/n) Σ p(x | z_i)
  /// p(z_i) / r(z_i), with draws from the mixture r of the proposals, each alike.
  ///
  /// Where pixels depend on others, those that do not count are drawn, each given the ones before it.
  ///
  /// - Parameters:
  ///   - levels: `[1, height, width, channels]`; those of pixels that do not count are not read.
  ///   - proposals: a row each; their number divides 64, or is 1.
  ///   - isCounted: a value a pixel; nil: all count.
  func logProbability(
    levels: Tensor, label: Int?, proposals: DiagonalGaussian, _ random: RandomSource,
    samples: Int, isCounted: [Bool]?, _ pass: Pass
  ) -> Double {
    let count = proposals.mean.shape[0]
    let chunk = count == 1 ? min(samples, 64) : 64
    let stepper = isCounted?.contains(false) ?? false ? decoder.stepper(pass) : nil
    precondition(chunk % count == 0)
    var weights: [Double] = []
    for start in stride(from: 0, to: samples, by: chunk) {
      let sources = (start..<start + chunk).map { random.derived($0) }
      let labels = [Int?](repeating: label, count: chunk)
      let latents = proposals.repeated(chunk / count)
        .sample(latentNoise(sources, count: latentCount))
      let densities = (0..<count).map { row in
        proposals.row(row).repeated(chunk).logDensity(latents).reshaped(to: [1, chunk])
      }
      let density =
        Tensor.concatenated(densities, axis: 0).logSumExp(axis: 0) - Float(log(Double(count)))
      let base = logPriors(latents: latents, labels: labels, random: sources) - density
      let maps = maps(latents: latents, labels: labels, pass)
      let losses = pixelLosses(
        maps: maps, levels: filled(levels, sources, maps: maps, isCounted: isCounted, by: stepper),
        pass)
      let pixels = shape.pixelCount
      base.withValues { base in
        losses.withValues { losses in
          for row in 0..<min(chunk, samples - start) {
            var sum = 0.0
            for pixel in 0..<pixels where isCounted?[pixel] ?? true {
              sum += Double(losses[row * pixels + pixel])
            }
            weights.append(Double(base[row]) - sum)
          }
        }
      }
    }
    return logSumExp(weights) - log(Double(samples))
  }

  /// An image for each row of the maps, with those pixels drawn that do not count, where others depend on them.
  private func filled(
    _ levels: Tensor, _ random: [RandomSource], maps: Tensor, isCounted: [Bool]?,
    by stepper: LatentDecoder.Stepper?
  ) -> Tensor {
    let count = random.count
    guard let stepper, let isCounted else {
      return levels.repeatedRows(count)
    }
    // Rows of the stepper.
    precondition(count == Tiles.size, "\(count) draws of pixels that do not count")
    let images = drawn(
      [[Float]](repeating: levels.values, count: count),
      missing: [[Bool]](repeating: isCounted.map { !$0 }, count: count),
      maps: maps, random.map { $0.with(purpose: .particles) }, round: 0, temperature: 1, by: stepper
    )
    return ImageBatch(images, shape: shape).levels
  }
}
