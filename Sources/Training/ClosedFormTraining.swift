import Models
import Tensors

/// The training of models that are fitted to the images without gradients.
///
/// Such a model sees all images at once. Where they are to be moved about, it learns each as it is and several warped
/// copies of it.
enum ClosedFormTraining {
  private static let batchSize = 100
  /// Warped copies of an image: at least, at most, and how many images there are then about in all.
  private static let (fewestCopies, mostCopies, copiedCount) = (4, 50, 10_000)

  /// Fits the model to the training images and scores it on the others.
  ///
  /// - Throws: `Interrupted` after a signal; nothing is kept.
  static func fit(
    _ instance: ModelInstance, _ split: TrainingRun.Split, _ options: TrainingOptions,
    report: (TrainingProgress) -> Void
  ) throws -> TrainingResult {
    let clock = ContinuousClock()
    let start = clock.now
    if let model = instance.model as? any ClosedForm {
      try model.fit { consume in
        for batch in batches(of: split.training) { consume(batch) }
        for copy in 0..<copies(of: split.training, options.transforms) {
          let random = RandomSource(seed: options.seed, purpose: .transforms).at(copy)
          for (number, batch) in batches(of: split.training).enumerated() {
            consume(
              batch.warped(
                options.transforms, shape: split.training.shape, random,
                first: number * batchSize, isElastic: true))
          }
        }
      } progress: { progress in
        if Interruption.isRequested {
          throw Interrupted("interrupted after \(progress.passes) passes; nothing was kept")
        }
        report(TrainingProgress(progress, images: split.training.count, spent: clock.now - start))
      }
    }
    let spent = seconds(clock.now - start)
    let (score, kind) = validation(instance.model, split.validation)
    return TrainingResult(
      validation: score, scoreKind: kind, steps: 0,
      seconds: spent, isAverage: false, stoppedEarly: false)
  }

  /// How many warped copies of each image are learned.
  private static func copies(of images: ImageDataset, _ transforms: TransformStrength) -> Int {
    transforms == .none
      ? 0 : min(mostCopies, max(fewestCopies, copiedCount / max(1, images.count)))
  }

  private static func batches(of images: ImageDataset) -> some Sequence<ImageBatch> {
    stride(from: 0, to: images.count, by: batchSize).lazy.map { start in
      images.batch(Array(start..<Swift.min(images.count, start + batchSize)))
    }
  }

  private static func validation(
    _ model: any GenerativeModel, _ images: ImageDataset
  ) -> (score: Double?, kind: String) {
    guard let scoring = model as? any Scoring, images.count > 0 else { return (nil, "none") }
    var total = 0.0
    var kind = ScoreKind.exact
    for batch in batches(of: images) {
      let scores = scoring.scores(batch, Pass())
      total -= scores.logLikelihoods.reduce(0, +)
      kind = scores.kind
    }
    return (total / Double(images.count), kind.description)
  }
}

extension TrainingProgress {
  /// The progress of a fitting in several passes.
  fileprivate init(_ progress: FittingProgress, images: Int, spent: Duration) {
    let spent = seconds(spent)
    self.init(
      step: 0, epoch: Double(progress.passes), fraction: progress.fraction, loss: progress.loss,
      validation: nil, imagesPerSecond: Double(images * progress.passes) / spent,
      secondsLeft: spent * (1 / progress.fraction - 1))
  }
}

private func seconds(_ duration: Duration) -> Double {
  let parts = duration.components
  return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
}
