public import Models
public import Tensors
import Training

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
    public var transforms = TransformStrength.light
    /// The first seed; the others follow it.
    public var seed: UInt64 = 0
    /// The type of activations.
    public var precision = ElementType.float32

    /// The common choices.
    public init() {}
  }

  private let images: AugmentationImages
  private let options: Options

  /// An evaluator of these images.
  public init(_ images: AugmentationImages, options: Options = Options()) {
    self.images = images
    self.options = options
  }

  /// Trains and judges, every mix once a seed; equal seeds share initial weights and real images.
  ///
  /// - Parameter progress: told of each classifier that is done.
  /// - Throws: `Interrupted` after a signal.
  public func evaluate(
    progress: (TaskReporter.Progress) -> Void = { _ in }
  ) throws -> AugmentationReport {
    let mixes = TrainingMix.allCases.filter { $0 != .generated || images.missing.isEmpty }
    let generated = Array(images.realCount..<images.pool.count)
    let firstReal = realImages(seed: options.seed)
    let share =
      options.generatedShare
      ?? (images.missing.isEmpty
        ? 0.5 : Double(generated.count) / Double(generated.count + firstReal.count))
    var report = AugmentationReport(
      classes: images.classes, realCounts: counts(firstReal), generatedCounts: counts(generated),
      testCount: images.test.count, generatedShare: share,
      measurements: mixes.map { .init(mix: $0) })
    for place in 0..<options.seeds {
      let seed = options.seed &+ UInt64(place)
      let real = realImages(seed: seed)
      for (index, mix) in mixes.enumerated() {
        let batches = MixedBatches(
          real: real, generated: generated,
          generatedShare: !mix.hasReal ? 1 : mix.hasGenerated ? share : 0,
          size: options.batchSize, seed: seed)
        let classifier = try ClassifierTraining(
          images: images.pool, steps: options.steps,
          transforms: mix.isTransformed ? options.transforms : .none,
          precision: options.precision, seed: seed
        ).run(batches)
        report.measurements[index].take(
          classifier.predictions(images.test, options.precision), images.test.labels,
          classCount: images.classes.count)
        progress(
          .init(done: place * mixes.count + index + 1, total: options.seeds * mixes.count))
      }
    }
    return report
  }

  /// The labelled real images that a seed keeps.
  private func realImages(seed: UInt64) -> [Int] {
    let real = 0..<images.realCount
    guard let count = options.labelsPerClass else {
      return real.filter { images.pool.labels[$0] != nil }
    }
    let labels = images.pool.subset(Array(real)).keepingLabels(perClass: count, seed: seed).labels
    return real.filter { labels[$0] != nil }
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
    var (right, all) = ([Int](repeating: 0, count: classCount), [Int](repeating: 0, count: classCount))
    for case (let prediction, let label?) in zip(predictions, labels) {
      all[label] += 1
      if prediction == label { right[label] += 1 }
    }
    accuracies.append(Double(right.reduce(0, +)) / Double(all.reduce(0, +)))
    recalls.append(zip(right, all).map { $1 == 0 ? nil : Double($0) / Double($1) })
  }
}
