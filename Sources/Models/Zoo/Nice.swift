public import Layers
import Platform
public import Tensors

/// NICE (Dinh, Krueger and Bengio 2015, NICE: Non-linear Independent Components Estimation, arXiv:1410.8516): an
/// invertible map z = f(x) of images to independent logistic components, learnt by their exact density
/// log p(x) = Σ log p(z_i) + log |det ∂z/∂x|.
///
/// f is a chain of additive couplings between the values at even and at odd places (section 3.2), of which one part moves
/// the other by turns, then a scale of every component (section 3.3); the prior is the standard logistic distribution
/// (section 3.4). Images are dequantised: x = (level + u) / levels with u uniform in 0...1 (section 5.1). Departures: the
/// couplings' networks are given the class, if there is one, and some labels are hidden while learning; scales begin where
/// images roughly are, and learn faster than the rest.
public struct NonlinearIndependentComponents: ImportanceScoring, LatentSampling, Invertible {
  /// The settings of NICE.
  public struct Configuration: ModelConfiguration {
    /// Couplings, one after the other.
    public var couplings = 4
    /// Hidden layers of a coupling's network.
    public var layers = 5
    /// Features of a hidden layer.
    public var hidden = 1000
    /// Share of labels hidden while learning, so that images without one are known too.
    public var labelDropout = 0.1

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] = [
      .integer("couplings", \.couplings, 2...64, "additive couplings"),
      .integer("layers", \.layers, 1...32, "hidden layers of a coupling's network", tiny: 2),
      .integer("hidden", \.hidden, 1...8192, "features of a hidden layer", tiny: 16),
      .real("label-dropout", \.labelDropout, 0...0.9, "share of labels hidden while learning"),
    ]
  }

  /// What it is.
  public static let card = ModelCard(
    name: "nice", family: "flow",
    summary: "invertible map to independent components; density, one-pass samples, exact inverse",
    citation:
      "Dinh et al. 2015, NICE: Non-linear Independent Components Estimation, arXiv:1410.8516",
    recipe:
      "--unconditional --batch 32 --set hidden=1000 --set layers=2 --minutes 10: 4.554 bits per "
      + "dimension of MNIST at 256 levels, density of dequantised images")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, 0 without.
  public let classCount: Int
  private let couplings: [AdditiveCoupling]
  private let scales: Parameter
  private let parameters: [Parameter]

  /// Images of at least two values: one alone has nothing to be coupled to.
  public static func check(_ shape: ImageShape, classCount: Int) throws(ModelError) {
    guard shape.dimensionCount > 1 else {
      throw ModelError("'nice' couples values of an image, and one of \(shape) has a single value")
    }
  }

  /// Registers couplings and scales under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    let (even, odd) = ((shape.dimensionCount + 1) / 2, shape.dimensionCount / 2)
    couplings = (0..<configuration.couplings).map { place in
      let movesOdd = place.isMultiple(of: 2)
      return AdditiveCoupling(
        scope / "encoder.coupling\(place + 1)", seeing: movesOdd ? even : odd,
        moving: movesOdd ? odd : even,
        condition: classCount, layers: configuration.layers, hidden: configuration.hidden)
    }
    scales = (scope / "prior").parameter(
      "scales", [shape.dimensionCount], .constant(0))
    parameters = scope.parameters
  }

  /// As many as an image has values.
  public var latentCount: Int { shape.dimensionCount }

  /// The one objective: the mean negative log-density of dequantised images.
  public var objectives: [Objective] {
    [
      Objective(name: "density", parameters: parameters) { batch, pass in
        let shown = batch.shownLabels(
          classCount: classCount, dropout: configuration.labelDropout, pass)
        let offsets =
          pass.noise.map { $0.with(purpose: .latents).uniform([batch.count, latentCount]) }
          ?? offsets(batch.contentRandom(seed: 0, purpose: .validation))
        return -logDensities(batch.levels, offsets, shown, pass).mean()
      }
    ]
  }
}

// MARK: - The map and its inverse

extension NonlinearIndependentComponents {
  /// The logarithm of each component's scale.
  ///
  /// At first the components of values that vary by 0.3 have the spread of the logistic distribution. A pixel that hardly
  /// changes needs a scale of hundreds, which the rate that suits the networks would take long to come to.
  private var logScales: Tensor { scales.value.affine(10, 1.8) }

  /// f of points `[rows, values]` in units of levels.
  private func components(of points: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor {
    var (even, odd) = (points * (1 / Float(shape.levels))).deinterleaved()
    let condition = condition(labels)
    for (place, coupling) in couplings.enumerated() {
      if place.isMultiple(of: 2) {
        odd = coupling.moved(odd, seeing: even, condition: condition, in: pass.elementType)
      } else {
        even = coupling.moved(even, seeing: odd, condition: condition, in: pass.elementType)
      }
    }
    return Tensor.interleaved(even, odd) * logScales.exp()
  }

  /// The inverse of f: points `[rows, values]` in units of levels.
  private func points(of components: Tensor, _ labels: [Int?], _ pass: Pass) -> Tensor {
    var (even, odd) = (components * (-logScales).exp()).deinterleaved()
    let condition = condition(labels)
    for (place, coupling) in couplings.enumerated().reversed() {
      if place.isMultiple(of: 2) {
        odd = coupling.movedBack(odd, seeing: even, condition: condition, in: pass.elementType)
      } else {
        even = coupling.movedBack(even, seeing: odd, condition: condition, in: pass.elementType)
      }
    }
    return Tensor.interleaved(even, odd) * Float(shape.levels)
  }

  private func condition(_ labels: [Int?]) -> Tensor? {
    classCount > 0 ? oneHotLabels(labels, classes: classCount) : nil
  }

  /// log |det ∂z/∂level|, a scalar, the same everywhere.
  private var logDeterminant: Tensor {
    logScales.sum() - Float(latentCount) * log(Float(shape.levels))
  }

  /// The same for every image.
  public func logDeterminants(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    [Double](repeating: Double(logDeterminant.scalar), count: batch.count)
  }
}

// MARK: - Densities

extension NonlinearIndependentComponents {
  /// Densities of dequantised images.
  public var scoreKind: ScoreKind { .dequantizedDensity }

  /// log p(level + u) at one u an image.
  public func scores(_ batch: ImageBatch, _ pass: Pass) -> [Double] {
    let offsets = offsets(batch.contentRandom(seed: 0, purpose: .validation))
    return logDensities(batch.levels, offsets, batch.labels, pass).values.map { Double($0) }
  }

  /// log (1/n) Σ p(level + u_i): P(x) is the integral of the density over the image's cell, of which this mean is an
  /// unbiased estimate.
  public func importanceEstimates(
    _ batch: ImageBatch, samples: Int, seed: UInt64, _ pass: Pass
  ) -> [Double] {
    precondition(samples > 0)
    let random = batch.contentRandom(seed: seed, purpose: .validation)
    let chunk = min(samples, Tiles.size)
    return ThreadPool.map(batch.count) { image in
      let levels = batch.levels.sliced(image..<image + 1, axis: 0).repeatedRows(chunk)
      let labels = [Int?](repeating: batch.labels[image], count: chunk)
      var densities: [Double] = []
      for start in stride(from: 0, to: samples, by: chunk) {
        let offsets = offsets((start..<start + chunk).map { random[image].derived($0) })
        densities += logDensities(levels, offsets, labels, pass).values
          .prefix(samples - start).map { Double($0) }
      }
      return logSumExp(densities) - log(Double(samples))
    }
  }

  /// log p(level + offset) of each image, float32 `[images]`.
  private func logDensities(
    _ levels: Tensor, _ offsets: Tensor, _ labels: [Int?], _ pass: Pass
  ) -> Tensor {
    let flat = levels.reshaped(to: offsets.shape)
    let components = components(of: flat + offsets, labels, pass)
    return logDeterminant - (components.softplus() + (-components).softplus()).sum(axis: 1)
  }

  /// Float32 `[sources, values]`, uniform in 0...1.
  private func offsets(_ sources: [RandomSource]) -> Tensor {
    .concatenated(sources.map { $0.uniform([1, latentCount]) }, axis: 0)
  }
}

// MARK: - Latent points

extension NonlinearIndependentComponents {
  /// Encodings are points.
  public var givesVariances: Bool { false }

  /// f of the middle of each image's cell.
  public func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
    let flat = batch.levels.reshaped(to: [batch.count, latentCount])
    return Encodings(means: components(of: flat + 0.5, batch.labels, pass))
  }

  /// The inverse of `encodings`, within the range of levels.
  public func decodings(_ latents: Tensor, labels: [Int?], _ pass: Pass) -> Tensor {
    (points(of: latents, labels, pass) - 0.5).clamped(0, Float(shape.levels - 1))
      .reshaped(to: [latents.shape[0], shape.height, shape.width, shape.channels])
  }

  /// Draws from the standard logistic distribution; a temperature scales them.
  public func priorDraws(_ requests: [SampleRequest], temperature: Float) -> Tensor {
    let draws = offsets(requests.map { $0.random.with(purpose: .latents) })
    return (draws.log() - (1 - draws).log()) * temperature
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
