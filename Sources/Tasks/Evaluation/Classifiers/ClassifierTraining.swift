import Layers
import Models
import Tensors
import Training

/// The fixed recipe by which a judging classifier learns: Adam, a warm-up, half a cosine.
///
/// A step is too small to be worth a barrier: several trainings run side by side, each on one thread.
struct ClassifierTraining: Sendable {
  /// The images that batches are taken from.
  let images: ImageDataset
  /// Optimiser steps.
  let steps: Int
  /// How images are changed anew each time.
  let transforms: ImageTransforms
  /// Precision, and where a stop is asked for.
  let context: Context
  /// Decides initial weights, dropout and transforms.
  let seed: UInt64

  /// A classifier that has learnt from the batches.
  ///
  /// - Throws: `TaskError` where the loss is no longer finite, `Interrupted` after a signal.
  func run<Judge: JudgingClassifier>(
    _ type: Judge.Type, _ batches: MixedBatches
  ) throws -> Judge {
    var batches = batches
    let shape = images.shape
    let classifier = Judge(shape: shape, classCount: images.classes.count, seed: seed)
    let parameters = classifier.store.parameters
    var configuration = Adam.Configuration()
    configuration.weightDecay = Judge.weightDecay
    let optimizer = Adam(parameters, configuration)
    let schedule = LearningRate(peak: 1e-3, warmupSteps: min(100, max(1, steps / 10)))
    for step in 0..<steps {
      try context.stopIfAsked("interrupted before the end")
      let indices = batches.batch(step)
      let noise = RandomSource(seed: seed, purpose: .dropout).at(step)
      let batch = images.batch(indices).transformed(
        transforms, shape: shape, noise.with(purpose: .transforms))
      let (loss, gradients) = valueAndGradients(of: parameters.map(\.value)) {
        classifier.loss(batch, Pass(context.precision, noise: noise, step: step))
      }
      let isFinite = optimizer.update(
        GradientSum(gradients),
        learningRate: schedule.rate(step: step, progress: Double(step) / Double(steps)))
      guard loss.scalar.isFinite, isFinite else {
        throw TaskError(
          "the classifier's loss is not finite at step \(step); try --precision float32")
      }
    }
    return classifier
  }
}

extension ClassifierTraining {
  /// A classifier taught by the labelled images of each set as they are, side by side, each on one thread.
  ///
  /// - Parameters:
  ///   - sets: images of one shape.
  ///   - size: images a step.
  static func plain(
    _ sets: [ImageDataset], steps: Int, size: Int, context: Context, seed: UInt64
  ) throws -> [SmallClassifier] {
    try ThreadPool.map(sets.count) { place in
      let set = sets[place]
      return Result {
        try ClassifierTraining(
          images: set, steps: steps, transforms: ImageTransforms(), context: context, seed: seed
        ).run(
          SmallClassifier.self,
          MixedBatches(all: set.labelledPlaces, size: size, seed: seed))
      }
    }.map { try $0.get() }
  }
}
