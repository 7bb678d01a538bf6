package import Layers
package import Models
package import Tensors

/// The step of a training: one batch through every objective whose turn it is and its optimiser, then into the average of
/// the weights and the model's state.
package final class TrainingStep {
  /// What a step tells.
  package struct Report: Sendable {
    /// What each objective that took part was, by its name: the mean over the batch's images.
    package let values: [(name: String, value: Float)]
    /// The learning rate.
    package let rate: Float
  }

  let objectives: [Objective]
  let optimizers: [any Optimizer]
  let average: MovingAverage
  private let source: any GradientSource
  private let model: (any Stateful)?
  private let options: TrainingOptions
  private let precision: ElementType
  private let schedule: LearningRate

  /// The steps of this model's training.
  package convenience init(
    _ instance: ModelInstance, _ source: any GradientSource, _ options: TrainingOptions,
    precision: ElementType
  ) {
    self.init(
      instance.model.objectives, averaging: instance.store.parameters,
      state: instance.model as? any Stateful,
      learningRate: type(of: instance.model).card.learningRate, source, options,
      precision: precision)
  }

  /// The steps of a training for these objectives.
  ///
  /// - Parameters:
  ///   - parameters: those whose average is kept.
  ///   - model: whose state is brought up to date after each step.
  ///   - learningRate: the highest, where the options name none.
  package init(
    _ objectives: [Objective], averaging parameters: [Parameter],
    state model: (any Stateful)? = nil, learningRate: Float, _ source: any GradientSource,
    _ options: TrainingOptions, precision: ElementType
  ) {
    self.objectives = objectives
    self.source = source
    self.model = model
    self.options = options
    self.precision = precision
    optimizers = objectives.map { $0.optimizer.make($0.parameters) }
    average = MovingAverage(parameters, decay: options.averageDecay)
    schedule = LearningRate(peak: options.learningRate ?? learningRate)
  }

  /// Learns from these images.
  ///
  /// - Parameters:
  ///   - number: the step, counted from 0.
  ///   - progress: the share of the training behind, 0...1.
  /// - Throws: `TrainingError` where a loss or gradient is no longer finite.
  package func make(_ number: Int, _ indices: [Int], progress: Double) throws -> Report {
    let rate = schedule.rate(step: number, progress: progress)
    var values: [(name: String, value: Float)] = []
    for (objective, optimizer) in zip(objectives, optimizers)
    where number % objective.interval == 0 {
      let (value, gradients) = source.gradients(
        of: objective, indices, step: number, progress: progress)
      let isFinite = optimizer.update(
        gradients, learningRate: rate * objective.rateFactor, clippingNorm: options.clippingNorm)
      guard value.isFinite, isFinite else {
        throw diverged("\(objective.name) loss", value, step: number)
      }
      values.append((objective.name, value))
    }
    average.update()
    model?.updateState(
      after: source.batch(indices, step: number),
      Pass(
        precision, noise: RandomSource(seed: options.seed, purpose: .particles).at(number),
        step: number, progress: progress))
    return Report(values: values, rate: rate)
  }

  /// The error of a training whose numbers are no longer finite.
  func diverged(_ what: String, _ value: some BinaryFloatingPoint, step: Int) -> TrainingError {
    TrainingError(
      "the \(what) is not finite (\(value)) at step \(step); no model was written. "
        + "Try a lower --learning-rate (now \(schedule.peak)), --precision float32, or a smaller model"
    )
  }
}
