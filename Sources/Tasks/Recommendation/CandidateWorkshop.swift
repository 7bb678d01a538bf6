import Files
import Models
import Tensors
import Training

/// Makes the images of candidates and has classifiers judge them.
struct CandidateWorkshop {
  let dataset: ImageDataset
  let folds: LabelledFolds
  let models: TaughtModels
  let classifier: ClassifierKind
  /// What every training image undergoes anew each time, whatever the candidate.
  let base: ImageTransforms
  /// Where models are kept meanwhile.
  let directory: String
  let seed: UInt64
  let context: Context

  /// Which of the images left out are told rightly by classifiers that have learnt the others and what each way makes of them.
  func outcomes(
    _ jobs: [(way: AugmentationWay, fold: LabelledFolds.Fold)]
  ) throws -> [[Bool]] {
    // Images are made with all threads, one candidate after the other; trainings run side by side, each on one.
    let pools = try jobs.map { try pool($0.way, $0.fold) }
    return try ThreadPool.map(jobs.count) { place in
      Result { try right(pools[place], jobs[place].fold) }
    }.map { try $0.get() }
  }

  /// The images to learn from: those of a fold that are labelled, and those that a way makes.
  private func pool(
    _ way: AugmentationWay, _ fold: LabelledFolds.Fold
  ) throws -> ImageDataset {
    let real = dataset.subset(fold.training)
    guard !way.isNothing else { return real }
    let known = way.pseudoLabel == nil ? real : withUnlabelled(fold)
    let name = "\(fold.round)-\(fold.part)"
    do {
      let made = try images(way, known, files: files(way, known, name: name))
      return real.joined(with: made)
    } catch let error where error is TaskError || error is TrainingError {
      // A model that knows its images by heart, say: the way makes nothing of this part.
      return real
    }
  }

  /// The images that a way makes of these.
  func images(
    _ way: AugmentationWay, _ known: ImageDataset, files: Augmenter.Files
  ) throws -> ImageDataset {
    let augmenter = try Augmenter(files, options: way.options(seed: seed), context: context)
    let plan = try augmenter.plan(known, path: directory, reporter: TaskReporter())
    return try augmenter.images(plan, known)
  }

  /// The models of a way, taught by these images.
  ///
  /// - Parameter name: what tells them from those that others have taught.
  func files(
    _ way: AugmentationWay, _ known: ImageDataset, name: String
  ) throws -> Augmenter.Files {
    var files = Augmenter.Files()
    if let role = way.drawing?.role {
      files.drawing = try models.model(role, known, at: path(role, name))
    }
    if way.pseudoLabel != nil {
      let features = path(.features, "all")
      // Without any labelled image: one that judges has taught nothing.
      _ = try models.model(.features, dataset, at: features)
      files.labelling = try models.model(
        .labelling, known, start: features, at: path(.labelling, name))
    }
    return files
  }

  /// Where a model is kept.
  func path(_ role: AugmentationRole, _ name: String) -> String {
    FileSystem.join(directory, "\(role.rawValue)-\(name).safetensors")
  }

  /// The labelled images of a fold and all without a label.
  private func withUnlabelled(_ fold: LabelledFolds.Fold) -> ImageDataset {
    dataset.subset(
      (fold.training + dataset.unlabelledPlaces).sorted())
  }

  private func right(_ pool: ImageDataset, _ fold: LabelledFolds.Fold) throws -> [Bool] {
    let seed = seed &+ UInt64(fold.round * folds.count + fold.part)
    let trained = try ClassifierTraining(
      images: pool, steps: models.plan.judgeSteps, transforms: base, context: context, seed: seed
    ).run(
      classifier.type,
      MixedBatches(all: Array(0..<pool.count), size: Self.batchSize, seed: seed))
    let judged = dataset.subset(fold.judged)
    return zip(trained.predictions(judged, context.precision), judged.labels).map { $0 == $1 }
  }

  /// Images a step of a classifier.
  static let batchSize = 64

  /// Seconds that a step of a classifier takes where every thread has a training of its own.
  static func stepSeconds(
    _ dataset: ImageDataset, _ classifier: ClassifierKind, _ context: Context
  ) throws -> Double {
    let (images, steps) = (dataset.subset(dataset.labelledPlaces), 20)
    func run() throws {
      let results = ThreadPool.map(ThreadPool.threads) { place in
        Result {
          try ClassifierTraining(
            images: images, steps: steps, transforms: ImageTransforms(), context: context,
            seed: UInt64(place)
          ).run(
            classifier.type,
            MixedBatches(all: Array(0..<images.count), size: batchSize, seed: 0))
        }
      }
      for result in results { _ = try result.get() }
    }
    try run()
    let watch = Stopwatch()
    try run()
    return watch.seconds / Double(steps)
  }
}
