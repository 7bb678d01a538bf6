package import Layers
package import Models
import Tensors

/// The step of a training: one batch through every objective and its optimiser, then into the average
/// of the weights.
package final class TrainingStep {
  /// What a step tells.
  package struct Report: Sendable {
    /// The mean loss of the batch's images, one for each objective.
    package let losses: [Float]
    /// The learning rate.
    package let rate: Float
  }

  let objectives: [Objective]
  let optimizers: [Adam]
  let average: MovingAverage
  private let images: ImageDataset
  private let options: TrainingOptions
  private let schedule: LearningRate

  /// The steps of this model's training on these images.
  package convenience init(
    _ instance: ModelInstance, _ images: ImageDataset, _ options: TrainingOptions
  ) {
    self.init(
      instance.model.objectives, averaging: instance.store.parameters,
      learningRate: type(of: instance.model).card.learningRate, images, options)
  }

  /// The steps of a training for these objectives.
  ///
  /// - Parameters:
  ///   - parameters: those whose average is kept.
  ///   - learningRate: the highest, where the options name none.
  package init(
    _ objectives: [Objective], averaging parameters: [Parameter], learningRate: Float,
    _ images: ImageDataset, _ options: TrainingOptions
  ) {
    self.objectives = objectives
    optimizers = objectives.map { Adam($0.parameters) }
    average = MovingAverage(parameters, decay: options.averageDecay)
    schedule = LearningRate(peak: options.learningRate ?? learningRate)
    self.images = images
    self.options = options
  }

  /// Learns from these images.
  ///
  /// - Parameters:
  ///   - number: the step, counted from 0.
  ///   - progress: the share of the training behind, 0...1.
  /// - Throws: `TrainingError` where a loss or gradient is no longer finite.
  package func make(_ number: Int, _ indices: [Int], progress: Double) throws -> Report {
    let rate = schedule.rate(step: number, progress: progress)
    let losses = try zip(objectives, optimizers).map { objective, optimizer in
      let (loss, gradients) = ShardedGradients(
        images, indices, seed: options.seed, step: number, precision: options.precision,
        transforms: options.transforms
      ).compute(objective)
      let isFinite = optimizer.update(
        gradients, learningRate: rate, clippingNorm: options.clippingNorm)
      guard loss.isFinite, isFinite else {
        throw diverged("\(objective.name) loss", loss, step: number)
      }
      return loss
    }
    average.update()
    return Report(losses: losses, rate: rate)
  }

  /// The error of a training whose numbers are no longer finite.
  func diverged(_ what: String, _ value: some BinaryFloatingPoint, step: Int) -> TrainingError {
    TrainingError(
      "the \(what) is not finite (\(value)) at step \(step); no model was written. "
        + "Try a lower --learning-rate (now \(schedule.peak)), --precision float32, or a smaller model"
    )
  }
}
