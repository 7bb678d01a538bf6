import Layers
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension LatentVariable {
  /// Evidence lower bounds: E_q[log p(x | z)] - KL(q || p), the expectation estimated by one draw that depends on
  /// the image alone.
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> Scores {
    let labels = batch.labels ?? [Int?](repeating: nil, count: batch.count)
    let random = batch.contentRandom(seed: 0, purpose: .validation)
    let posterior = posterior(of: batch, pass)
    let latents = posterior.sample(latentNoise(random, count: latentCount))
    let losses = imageLosses(latents: latents, labels: labels, levels: batch.levels, pass)
    let bounds =
      losses
      + divergences(of: posterior, latents: latents, labels: labels, random: random)
    return Scores(logLikelihoods: bounds.values.map { -Double($0) }, kind: .lowerBound)
  }

  /// -log p(x | z, c) of each row, float32 `[rows]`.
  func imageLosses(
    latents: Tensor, labels: [Int?], levels: Tensor, _ pass: Pass
  ) -> Tensor {
    distribution.negativeLogLikelihood(
      parameters: pixelParameters(latents: latents, labels: labels, pass), levels: levels
    ).sum(axes: [1, 2])
  }

  /// log (1/n) Σ p(x | z_i) p(z_i) / q(z_i | x) with z_i drawn from q: a lower bound in expectation
  /// that tightens with n (Burda and others 2016, Importance Weighted Autoencoders, section 3).
  public func importanceEstimates(
    _ batch: ImageBatch, samples: Int, seed: UInt64, _ pass: Pass
  ) -> Scores {
    precondition(samples > 0)
    let random = batch.contentRandom(seed: seed, purpose: .validation)
    let posterior = posterior(of: batch, pass)
    let estimates = ThreadPool.map(batch.count) { image -> Double in
      let weights = logWeights(
        levels: batch.levels.sliced(image..<image + 1, axis: 0), label: batch.labels?[image],
        DiagonalGaussian(
          mean: posterior.mean.sliced(image..<image + 1, axis: 0),
          logVariance: posterior.logVariance.sliced(image..<image + 1, axis: 0)),
        random[image], samples: samples, isCounted: nil, pass)
      return logSumExp(weights.all) - log(Double(samples))
    }
    return Scores(logLikelihoods: estimates, kind: .importanceEstimate(samples: samples))
  }

  /// Logarithms of importance weights p(x | z) p(z) / q(z | x) for draws from one image's posterior.
  ///
  /// - Parameters:
  ///   - isCounted: a value a pixel: whether it counts in `known`.
  /// - Returns: the weights of the whole image, and those of the pixels that count, from the same draws.
  func logWeights(
    levels: Tensor, label: Int?, _ posterior: DiagonalGaussian, _ random: RandomSource,
    samples: Int, isCounted: [Bool]?, _ pass: Pass
  ) -> (all: [Double], known: [Double]) {
    let chunk = min(samples, 64)
    var (all, known): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: samples, by: chunk) {
      let sources = (start..<start + chunk).map { random.derived($0) }
      let labels = [Int?](repeating: label, count: chunk)
      let rows = posterior.repeated(chunk)
      let latents = rows.sample(latentNoise(sources, count: latentCount))
      let base =
        logPriors(latents: latents, labels: labels, random: sources) - rows.logDensity(latents)
      let losses = distribution.negativeLogLikelihood(
        parameters: pixelParameters(latents: latents, labels: labels, pass),
        levels: .concatenated([Tensor](repeating: levels, count: chunk), axis: 0))
      let pixels = shape.pixelCount
      base.withValues { base in
        losses.withValues { losses in
          for row in 0..<min(chunk, samples - start) {
            var (sum, knownSum) = (0.0, 0.0)
            for pixel in 0..<pixels {
              let loss = Double(losses[row * pixels + pixel])
              sum += loss
              if let isCounted, isCounted[pixel] { knownSum += loss }
            }
            all.append(Double(base[row]) - sum)
            known.append(Double(base[row]) - knownSum)
          }
        }
      }
    }
    return (all, known)
  }
}
