public import Models
import Platform
import Tensors
public import Training

/// Measures how likely a model finds the images of a data set.
public struct LikelihoodEvaluator {
  /// What was measured.
  public struct Report: Sendable, Equatable {
    /// Images scored.
    public let count: Int
    /// Mean of -log p(image), in nats.
    public let nats: Double
    /// The standard error of that mean; nil for a single image.
    public let standardError: Double?
    /// Nats spread over an image's values, in bits.
    public let bitsPerDimension: Double
    /// What the numbers are.
    public let kind: ScoreKind
    /// Images whose class was known to the model and taken into account: their score is log p(image
    /// | class).
    public let conditionedCount: Int
    /// The evidence lower bound of the same images, where the score is an importance estimate: the estimate lies
    /// above it, and is itself below the truth in expectation.
    public var lowerBound: LowerBound?
    /// What is known of the normalising constant, where that is an estimate.
    public var annealing: AnnealingReport?
  }

  /// Mean of the negative evidence lower bound, in nats, and its standard error.
  public struct LowerBound: Sendable, Equatable {
    /// Mean nats an image.
    public let nats: Double
    /// The standard error of that mean; nil for a single image.
    public let standardError: Double?
  }

  private let file: ModelFile
  private let model: any Scoring
  private let context: Context
  private let batchSize: Int
  private let samples: Int?
  private let orders: Int?
  private let isReversed: Bool
  private let seed: UInt64

  /// An evaluator of this model.
  ///
  /// - Parameters:
  ///   - samples: draws of an importance estimate; nil: the model's own score.
  ///   - orders: orders of the pixels to average over; nil: raster order alone.
  ///   - isReversed: whether a normalising constant is also estimated from the other side.
  ///   - seed: of these draws.
  /// - Throws: `ModelError` where the model has no likelihood, or none that samples could estimate, or no constant to
  ///   estimate.
  public init(
    _ file: ModelFile, context: Context, batchSize: Int = 100,
    samples: Int? = nil, orders: Int? = nil, isReversed: Bool = false, seed: UInt64 = 0
  ) throws {
    guard let model = file.model as? any Scoring else {
      throw Zoo.lacking("score", type(of: file.model))
    }
    self.file = file
    self.model = model
    self.context = context
    self.batchSize = batchSize
    self.samples = samples
    self.orders = orders
    self.isReversed = isReversed
    self.seed = seed
    let known = (model as? any OrderAveraging)?.orderCount ?? 1
    if let orders, orders > known {
      throw ModelError(
        "the model has learnt \(known == 1 ? "one order" : "\(known) orders") of the pixels, not \(orders); "
          + "'pixelcnn' learns more with --set orders=8")
    }
    if isReversed, model.scoreKind == .exact || !(model is any AnnealedScoring) {
      throw ModelError(
        "the likelihood of this '\(type(of: model).card.name)' rests on no annealed estimate; leave --reverse out"
      )
    }
    if samples != nil, !(model is any ImportanceScoring) {
      throw ModelError(
        "'\(type(of: model).card.name)' has no importance estimate that more samples improve; leave --samples out"
      )
    }
  }

  /// Scores every image; `progress` is told how many are done.
  ///
  /// - Throws: `TaskError` where the images are not of the model's shape, `EngineError.cannot` where the model's numbers are not
  ///   finite, `Interrupted` after a signal.
  public func evaluate(
    _ dataset: ImageDataset, path: String, progress: (TaskReporter.Progress) -> Void = { _ in }
  ) throws -> Report {
    try Report(measure(dataset, path: path, progress: progress))
  }

  /// Scores every image that has not been scored before.
  ///
  /// - Parameters:
  ///   - done: the scores of the first images.
  ///   - note: given the scores of each batch.
  func measure(
    _ dataset: ImageDataset, path: String, done: [LikelihoodMeasurements.Image] = [],
    note: ([LikelihoodMeasurements.Image]) throws -> Void = { _ in },
    progress: (TaskReporter.Progress) -> Void
  ) throws -> LikelihoodMeasurements {
    guard dataset.shape == model.shape else {
      throw TaskError(
        "\(path): holds images of \(dataset.shape), but the model is one of \(model.shape)")
    }
    return try context.run {
      let images = dataset.relabelled(for: file.classes)
      var measured = done
      measured.reserveCapacity(images.count)
      for start in stride(from: done.count, to: images.count, by: batchSize) {
        let places = Array(start..<min(images.count, start + batchSize))
        let next = try scores(images.batch(places), places.map { images.labels[$0] })
        measured += next
        try note(next)
        progress(.init(done: measured.count, total: images.count))
        try context.stopIfAsked("interrupted before all images were scored")
      }
      let kind =
        samples.map { ScoreKind.importanceEstimate(samples: $0) }
        ?? (orders == nil ? model.scoreKind : .exact)
      var normalizers: [AnnealingReport.Normalizer] = []
      if let model = model as? any AnnealedScoring, kind != .exact {
        normalizers = AnnealingReport.Normalizer.all(model, images.labels, isReversed: isReversed)
      }
      return LikelihoodMeasurements(
        images: measured, kind: kind, dimensions: model.shape.dimensionCount,
        normalizers: normalizers)
    }
  }

  /// The scores of some images.
  private func scores(
    _ batch: ImageBatch, _ labels: [Int?]
  ) throws -> [LikelihoodMeasurements.Image] {
    let pass = Pass(context.precision)
    var (logLikelihoods, bounds): ([Double], [Double]) = ([], [])
    if let orders, let model = model as? any OrderAveraging {
      logLikelihoods = model.scores(batch, orders: orders, pass)
    } else if let samples, let model = model as? any ImportanceScoring {
      bounds = model.scores(batch, pass)
      logLikelihoods = model.importanceEstimates(batch, samples: samples, seed: seed, pass)
    } else {
      logLikelihoods = model.scores(batch, pass)
    }
    guard logLikelihoods.allSatisfy(\.isLikelihood) else {
      throw EngineError.notFinite("likelihoods", model)
    }
    return logLikelihoods.indices.map { place in
      LikelihoodMeasurements.Image(
        logLikelihood: logLikelihoods[place], bound: bounds.isEmpty ? nil : bounds[place],
        label: labels[place])
    }
  }
}

extension LikelihoodEvaluator.Report {
  /// What measurements of at least one image say.
  init(_ measured: LikelihoodMeasurements) {
    let nats = MeanEstimate(of: measured.images.map { -$0.logLikelihood })
    let labels = measured.images.map(\.label)
    self.init(
      count: measured.images.count, nats: nats.value, standardError: nats.standardError,
      bitsPerDimension: nats.value / Double(measured.dimensions) / log(2), kind: measured.kind,
      conditionedCount: labels.count { $0 != nil })
    let bounds = measured.images.compactMap(\.bound)
    if !bounds.isEmpty {
      let nats = MeanEstimate(of: bounds.map { -$0 })
      lowerBound = LikelihoodEvaluator.LowerBound(
        nats: nats.value, standardError: nats.standardError)
    }
    if !measured.normalizers.isEmpty {
      annealing = AnnealingReport(measured.normalizers, labels, nats: nats.value)
    }
  }
}
