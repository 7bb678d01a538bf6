public import Models
public import Tensors
public import Training

/// Measures whether generated images help: one fixed small classifier, trained on each mix of real and
/// generated images, judged by real ones.
public struct AugmentationEvaluator: Sendable {
  /// How classifiers are trained.
  public struct Options: Sendable {
    /// Real images of each class to learn from, drawn anew for each seed; nil: all.
    public var labelsPerClass: Int?
    /// Trainings of each mix.
    public var seeds = 5
    /// Optimiser steps of each training.
    public var steps = 1000
    /// Images a step.
    public var batchSize = 64
    /// The share of a mixed batch that is generated; nil: a half where every class has generated
    /// images, else their share of all images, which keeps each class's.
    public var generatedShare: Double?
    /// The ordinary transforms.
    public var transforms = ImageTransforms(moving: .light)
    /// Which classifier is trained.
    public var classifier = ClassifierKind.small
    /// Numbers of generated images of each class whose worth is measured too, besides real images, as one set.
    public var amounts: [Int] = []
    /// The first seed; the others follow it.
    public var seed: UInt64 = 0

    /// The common choices.
    public init() {}
  }

  private let images: AugmentationImages
  private let options: Options
  private let context: Context

  /// An evaluator of these images.
  public init(
    _ images: AugmentationImages, options: Options = Options(),
    context: Context = Context(precision: .float32)
  ) {
    self.images = images
    self.options = options
    self.context = context
  }

  /// Trains and judges, every mix once a seed; equal seeds share initial weights and real images.
  ///
  /// - Parameter progress: told of the classifiers that are done.
  /// - Throws: `Interrupted` after a signal.
  public func evaluate(
    progress: (TaskReporter.Progress) -> Void = { _ in }
  ) throws -> AugmentationReport {
    let mixes = TrainingMix.allCases.filter { $0 != .generated || images.missing.isEmpty }
    let generated = Array(images.real.count..<images.pool.count)
    let firstReal = realImages(seed: options.seed)
    let share =
      options.generatedShare
      ?? (images.missing.isEmpty
        ? 0.5 : Double(generated.count) / Double(generated.count + firstReal.count))
    var report = AugmentationReport(
      classes: images.classes, realCounts: counts(firstReal), generatedCounts: counts(generated),
      testCount: images.test.count, generatedShare: share,
      measurements: mixes.map { .init(mix: $0) })
    if !options.amounts.isEmpty {
      report.amounts = ([0] + options.amounts).map { .init(perClass: $0, accuracies: []) }
    }
    let amounts = report.amounts.map(\.perClass)
    let jobs = (0..<options.seeds).flatMap { place in
      let seed = options.seed &+ UInt64(place)
      return mixes.indices.map { Job(kind: .mix($0), seed: seed) }
        + amounts.indices.map { Job(kind: .amount($0), seed: seed) }
    }
    // Trainings side by side, one a thread: their results do not depend on how many there are.
    let width = ThreadPool.threads
    for start in stride(from: 0, to: jobs.count, by: width) {
      let part = jobs[start..<min(jobs.count, start + width)]
      let outcomes = ThreadPool.map(part.count) { place in
        let job = part[start + place]
        return Result {
          switch job.kind {
          case .mix(let mix):
            try predictions(mixes[mix], seed: job.seed, generatedShare: share)
          case .amount(let amount):
            try predictions(generatedPerClass: amounts[amount], seed: job.seed)
          }
        }
      }
      for (job, outcome) in zip(part, outcomes) {
        let predictions = try outcome.get()
        switch job.kind {
        case .mix(let mix):
          report.measurements[mix].take(
            predictions, images.test.labels, classCount: images.classes.count)
        case .amount(let amount):
          let right = zip(predictions, images.test.labels).count { $0 == $1 }
          report.amounts[amount].accuracies.append(
            Double(right) / Double(images.test.count))
        }
      }
      progress(.init(done: part.endIndex, total: jobs.count))
    }
    return report
  }

  /// One training: of a mix, or of an amount, by their places.
  private struct Job: Sendable {
    enum Kind: Sendable {
      case mix(Int)
      case amount(Int)
    }

    let kind: Kind
    let seed: UInt64
  }

  /// What a classifier says of the test images that has learnt the real images and so many generated ones of each class, all alike.
  private func predictions(generatedPerClass count: Int, seed: UInt64) throws -> [Int] {
    var taken = [Int](repeating: 0, count: images.classes.count)
    let generated = (images.real.count..<images.pool.count).filter { index in
      guard let label = images.pool.labels[index], taken[label] < count else { return false }
      taken[label] += 1
      return true
    }
    return try predictions(
      MixedBatches(
        all: realImages(seed: seed) + generated, size: options.batchSize, seed: seed),
      ImageTransforms(), seed: seed)
  }

  /// What a classifier that has learnt from a mix says of the test images.
  private func predictions(
    _ mix: TrainingMix, seed: UInt64, generatedShare share: Double
  ) throws -> [Int] {
    let batches = MixedBatches(
      real: realImages(seed: seed), generated: Array(images.real.count..<images.pool.count),
      generatedShare: !mix.hasReal ? 1 : mix.hasGenerated ? share : 0, size: options.batchSize,
      seed: seed)
    return try predictions(
      batches, mix.isTransformed ? options.transforms : ImageTransforms(), seed: seed)
  }

  private func predictions(
    _ batches: MixedBatches, _ transforms: ImageTransforms, seed: UInt64
  ) throws -> [Int] {
    try ClassifierTraining(
      images: images.pool, steps: options.steps, transforms: transforms, context: context,
      seed: seed
    ).run(options.classifier.type, batches).predictions(images.test, context.precision)
  }

  /// The labelled real images that a seed keeps.
  private func realImages(seed: UInt64) -> [Int] {
    let real = images.real
    let kept = options.labelsPerClass.map { real.keepingLabels(perClass: $0, seed: seed) } ?? real
    return kept.labelledPlaces
  }

  private func counts(_ indices: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: images.classes.count)
    for index in indices { if let label = images.pool.labels[index] { counts[label] += 1 } }
    return counts
  }
}

extension AugmentationReport.Measurement {
  /// Takes in what a classifier said of the test images.
  fileprivate mutating func take(_ predictions: [Int], _ labels: [Int?], classCount: Int) {
    var (right, all) = (
      [Int](repeating: 0, count: classCount), [Int](repeating: 0, count: classCount)
    )
    for case (let prediction, let label?) in zip(predictions, labels) {
      all[label] += 1
      if prediction == label { right[label] += 1 }
    }
    accuracies.append(Double(right.reduce(0, +)) / Double(all.reduce(0, +)))
    recalls.append(zip(right, all).map { $1 == 0 ? nil : Double($0) / Double($1) })
  }
}
