public import Layers
import Platform
public import Tensors

/// An invertible map z = f(x) of dequantised images to independent components, learnt by their exact density
/// log p(x) = Σ log p(z_i) + log |det ∂z/∂x| (Rezende and Mohamed 2015, Variational Inference with Normalizing Flows, section 3).
///
/// Scores, encodings, decodings and draws follow from the map, its prior and how levels are dequantised.
public protocol NormalizingFlow: ImportanceScoring, LatentSampling, Invertible, Completing
where Filling == FlowFilling {
  /// From points in 0...1, `[rows, height, width, channels]`, to components, `[rows, values]`; its condition is the class, one-hot.
  var bijector: any Bijector { get }
  /// What components are.
  var prior: ComponentPrior { get }
  /// How levels become points.
  var dequantizer: Dequantizer { get }
}

extension NormalizingFlow {
  /// As many as an image has values.
  public var latentCount: Int { shape.dimensionCount }

  /// The mean negative log-density of dequantised images: a bound of the negative log-likelihood of images.
  func densityObjective(_ parameters: [Parameter], labelDropout: Double) -> Objective {
    Objective(name: "density", parameters: parameters) { batch, pass in
      let shown = ImageBatch(
        levels: batch.levels,
        labels: batch.shownLabels(classCount: classCount, dropout: labelDropout, pass))
      let random =
        pass.noise.map { noise in
          (0..<batch.count).map { noise.with(purpose: .latents).derived($0) }
        } ?? batch.contentRandom(seed: 0, purpose: .validation)
      return -logDensities(shown, random, pass).mean()
    }
  }

  /// log p(level + u) - log q(u | image) of each image at one u each, float32 `[images]`.
  private func logDensities(
    _ batch: ImageBatch, _ random: [RandomSource], isDefensive: Bool = false, _ pass: Pass
  ) -> Tensor {
    let (offsets, logDensities) = dequantizer.draws(
      batch, random, isDefensive: isDefensive, pass)
    let (components, logDeterminants) = components(
      of: batch.levels + offsets, batch.labels, pass)
    return prior.logDensities(components) + logDeterminants - logDensities
  }

  /// f of points in units of levels, and log |det ∂z/∂x|.
  func components(of points: Tensor, _ labels: [Int?], _ pass: Pass) -> (
    Tensor, logDeterminants: Tensor
  ) {
    let scale = 1 / Float(shape.levels)
    let (components, logDeterminants) = bijector.forward(
      points * scale, condition: condition(labels), in: pass.elementType)
    return (components, logDeterminants + Float(latentCount) * log(scale))
  }

  /// The inverse of f: points in units of levels, `[rows, height, width, channels]`.
  func points(of components: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor {
    bijector.inverse(components, condition: condition(labels), in: pass.elementType)
      * Float(shape.levels)
  }

  private func condition(_ labels: [Int?]) -> Tensor? {
    classCount > 0 ? oneHotLabels(labels, classes: classCount) : nil
  }
}

// MARK: - Densities

extension NormalizingFlow {
  /// Densities of dequantised images.
  public var scoreKind: ScoreKind { .dequantizedDensity }

  /// log p(level + u) - log q(u | image) at one u an image.
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    let random = batch.contentRandom(seed: 0, purpose: .validation)
    return logDensities(batch, random, pass).values.map { Double($0) }
  }

  /// log (1/n) Σ p(level + u_i) / q(u_i | image): P(x) is the integral of the density over the image's cell, of which this mean is an
  /// unbiased estimate.
  public func importanceEstimates(
    _ batch: ImageBatch, samples: Int, seed: UInt64, _ pass: Pass
  ) -> [Double] {
    precondition(samples > 0)
    let random = batch.contentRandom(seed: seed, purpose: .validation)
    let chunk = min(samples, Tiles.size)
    return ThreadPool.map(batch.count) { image in
      let copies = batch.rows([Int](repeating: image, count: chunk))
      var densities: [Double] = []
      for start in stride(from: 0, to: samples, by: chunk) {
        let sources = (start..<start + chunk).map { random[image].derived($0) }
        densities += logDensities(copies, sources, isDefensive: true, pass).values
          .prefix(samples - start).map { Double($0) }
      }
      return logSumExp(densities) - log(Double(samples))
    }
  }
}

// MARK: - Latent points

extension NormalizingFlow {
  /// Encodings are points.
  public var givesVariances: Bool { false }

  /// f of the middle of each image's cell.
  public func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
    Encodings(means: components(of: batch.levels + 0.5, batch.labels, pass).0)
  }

  /// At the middle of each image's cell.
  public func logDeterminants(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    components(of: batch.levels + 0.5, batch.labels, pass).logDeterminants.values
      .map { Double($0) }
  }

  /// The inverse of `encodings`, within the range of levels.
  public func decodings(_ latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    (points(of: latents, labels, pass) - 0.5).clamped(0, Float(shape.levels - 1))
  }

  /// Draws from the prior; a temperature scales them.
  public func priorDraws(_ requests: [SampleRequest], temperature: Float) -> Tensor {
    prior.draws(requests.map(\.random), count: latentCount, temperature: temperature)
  }

  /// The image into whose cell the inverse of f leads, the nearest one where that is outside of all.
  public func samples(
    _ requests: [SampleRequest], latents: Tensor, temperature: Temperature, _ pass: Pass
  ) -> [Sample] {
    precondition(latents.shape == [requests.count, latentCount], "a latent point a request")
    let top = Float(shape.levels - 1)
    return Tiles.map(requests) { tile in
      let labels = tile.padded.map(\.label)
      let values = points(of: tile.paddedRows(of: latents), labels, pass).values
      return tile.items.indices.map { row in
        let floors = values[row * latentCount..<(row + 1) * latentCount].map { $0.rounded(.down) }
        return Sample(
          levels: floors.map { min(top, max(0, $0)) },
          isClamped: floors.contains { $0 < 0 || $0 > top })
      }
    }
  }
}
