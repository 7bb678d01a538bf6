import Files
import Models
import Tensors
import Training

/// The models that candidates need, each trained once and kept as a file.
struct TaughtModels {
  let plan: RecommendationPlan
  let seed: UInt64
  let context: Context

  /// The model of a role, taught by its images among these; a file that is there already is taken.
  ///
  /// - Parameters:
  ///   - start: what it begins with; nil for weights drawn by the seed.
  ///   - path: the model file.
  func model(
    _ role: AugmentationRole, _ dataset: ImageDataset, start: String? = nil, at path: String
  ) throws -> ModelFile {
    if FileSystem.exists(path), !FileSystem.exists(Trainer.checkpointPath(path)) {
      return try ModelFile(contentsOf: path)
    }
    var run = TrainingRun(model: Zoo.model(for: role).card.name, output: path)
    run.resumes = true
    run.start = try start.map { try ModelStart(contentsOf: $0) }
    let images = images(role, dataset)
    run.options = options(role, images)
    return try run.train(run.split(images), context: context).file
  }

  /// The images of a role among those of a data set: features need no labels, other models few images beside the labelled ones.
  private func images(_ role: AugmentationRole, _ dataset: ImageDataset) -> ImageDataset {
    switch role {
    case .features:
      let unlabelled = dataset.unlabelledPlaces
      // No pass shall be longer than the training.
      let most = (plan.modelSteps[role] ?? 0) * TrainingOptions().batchSize
      let order = RandomSource(seed: seed, purpose: .shuffling).permutation(unlabelled.count)
      return dataset.subset(order.prefix(most).map { unlabelled[$0] }.sorted()).unlabelled
    case .labelling: return dataset
    case .drawing, .redrawing:
      return dataset.subset(dataset.labelledPlaces)
    }
  }

  private func options(_ role: AugmentationRole, _ images: ImageDataset) -> TrainingOptions {
    var options = TrainingOptions()
    options.length = .epochs(1)
    options.leastSteps = plan.modelSteps[role] ?? 0
    options.patience = nil
    options.seed = seed
    options.transforms = .suited(to: images, model: Zoo.model(for: role).card.name)
    return options
  }

  /// Seconds that a step of each role takes on all threads; of a role that cannot be played by these images none.
  static func stepSeconds(_ dataset: ImageDataset, seed: UInt64, _ context: Context)
    -> [AugmentationRole: Double]
  {
    var seconds: [AugmentationRole: Double] = [:]
    for role in AugmentationRole.allCases {
      let model = Zoo.model(for: role)
      let images = model.card.heedsClasses ? dataset : dataset.unlabelled
      guard
        let subject = try? BenchmarkSubject(
          named: model.card.name, settings: [:], shape: images.shape,
          classCount: images.classes.count, seed: seed)
      else { continue }
      var options = TrainingOptions()
      options.seed = seed
      let report = try? StepBenchmark(subject, images, options, context).run(steps: 5, warmUp: 2)
      seconds[role] = report?.medianSeconds
    }
    return seconds
  }
}
