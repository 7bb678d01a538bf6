import Layers
import Models
import Tensors

/// Learns by descending a model's objectives.
final class GradientLearner: Learner {
  private let step: TrainingStep
  private var order: BatchOrder
  let imagesPerStep: Int
  let mostSteps: Int? = nil

  init(
    _ instance: ModelInstance, _ images: ImageDataset, _ options: TrainingOptions,
    _ context: Context
  ) {
    let source = ShardedGradients(
      images, seed: options.seed, precision: context.precision, transforms: options.transforms)
    step = TrainingStep(instance, source, options, precision: context.precision)
    order = BatchOrder(
      images, for: instance.model, batchSize: options.batchSize, seed: options.seed,
      // Moved about or drawn anew, an image may stand in a batch several times, and is another one each time.
      fillsBatches: (options.transforms != .none || images.isDrawn)
        && images.count < options.batchSize)
    imagesPerStep = options.batchSize
  }

  var stepsPerPass: Int { order.stepsPerPass }
  var average: MovingAverage? { step.average }

  /// `loss` where there is one loss, else the objectives' own names.
  var valueNames: [String] {
    let objectives = step.objectives
    guard objectives.count == 1, case .loss = objectives[0].signal else {
      return objectives.map(\.name)
    }
    return ["loss"]
  }

  func makeStep(_ number: Int, progress: Double) throws -> LearningReport? {
    let report = try step.make(number, order.batch(number), progress: progress)
    let isOne = valueNames == ["loss"]
    return LearningReport(
      values: report.values.map { (isOne ? "loss" : $0.name, Double($0.value)) },
      rate: Double(report.rate))
  }

  func finish() {}

  var state: FitterState {
    var state = FitterState()
    for (objective, optimizer) in zip(step.objectives, step.optimizers) {
      state.numbers["optimizer.\(objective.name).step"] = Double(optimizer.step)
      for (name, tensor) in optimizer.state {
        state.tensors["optimizer.\(objective.name).\(name)"] = tensor
      }
    }
    return state
  }

  func restore(_ state: FitterState, step number: Int) -> Bool {
    for (objective, optimizer) in zip(step.objectives, step.optimizers) {
      let prefix = "optimizer.\(objective.name)."
      guard let steps = state.numbers[prefix + "step"] else { return false }
      var own: [String: Tensor] = [:]
      for (name, tensor) in state.tensors where name.hasPrefix(prefix) {
        own[String(name.dropFirst(prefix.count))] = tensor
      }
      guard Set(own.keys) == Set(optimizer.state.keys) else { return false }
      optimizer.restore(own, step: Int(steps))
    }
    return true
  }
}
