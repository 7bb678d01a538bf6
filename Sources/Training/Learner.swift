import Layers
import Models
import Tensors

/// What a training does again and again until it ends: makes steps by gradients, or passes of a fitting.
///
/// `Trainer` keeps the loop, the clock, validation, checkpoints and the log for both.
protocol Learner: AnyObject {
  /// Steps of a pass over the images.
  var stepsPerPass: Int { get }
  /// Steps that there can be, where the length of the training does not decide it.
  var mostSteps: Int? { get }
  /// Images of a step, for rates.
  var imagesPerStep: Int { get }
  /// Names of the numbers that a step tells, the first one for people who watch.
  var valueNames: [String] { get }

  /// Makes a step, counted from 0.
  ///
  /// - Parameter progress: the share of the training behind, 0...1.
  /// - Returns: what it was like, or nil where nothing is left to learn.
  /// - Throws: `TrainingError` where numbers are no longer finite.
  func makeStep(_ number: Int, progress: Double) throws -> LearningReport?

  /// The average of the weights over the last steps, where one is kept.
  var average: MovingAverage? { get }

  /// Sets the model's weights where learning has not done so already.
  func finish()

  /// What a checkpoint must keep besides parameters, their average and states.
  var state: FitterState { get }

  /// Goes on where a checkpoint was written after so many steps.
  ///
  /// - Returns: whether everything that is needed was there.
  func restore(_ state: FitterState, step: Int) -> Bool
}

/// What one step of learning was like.
struct LearningReport {
  /// Numbers by name, in nats an image where they are likelihoods'.
  let values: [(name: String, value: Double)]
  /// The learning rate, where there is one.
  let rate: Double?
}
