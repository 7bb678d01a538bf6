import Layers
import Models
import Tensors

/// Where a training stands: everything that decides how it goes on.
struct TrainingState {
  /// Optimiser steps made.
  var step = 0
  /// Seconds of training behind, over all runs.
  var seconds = 0.0
  /// The best validation score so far, in nats an image.
  var bestScore = Double.infinity
  /// The step after which it was found.
  var bestStep = 0
  /// Whether averaged weights gave it.
  var bestIsAverage = false
  /// Validations since then.
  var validationsWithoutGain = 0
  /// Sum and number of the losses since the last line of the log.
  var lossSum = 0.0
  var lossCount = 0

  /// The entries of a checkpoint's metadata.
  var metadata: [String: String] {
    [
      "state.step": "\(step)", "state.seconds": "\(seconds)", "state.best_score": "\(bestScore)",
      "state.best_step": "\(bestStep)", "state.best_is_average": "\(bestIsAverage)",
      "state.validations_without_gain": "\(validationsWithoutGain)",
      "state.loss_sum": "\(lossSum)", "state.loss_count": "\(lossCount)",
    ]
  }

  init() {}

  /// Reads a checkpoint's metadata; nil where an entry is missing or no number.
  init?(metadata: [String: String]) {
    func value<Value: LosslessStringConvertible>(_ key: String) -> Value? {
      metadata["state.\(key)"].flatMap(Value.init)
    }
    guard let step: Int = value("step"), let seconds: Double = value("seconds"),
      let bestScore: Double = value("best_score"), let bestStep: Int = value("best_step"),
      let bestIsAverage: Bool = value("best_is_average"),
      let validationsWithoutGain: Int = value("validations_without_gain"),
      let lossSum: Double = value("loss_sum"), let lossCount: Int = value("loss_count")
    else { return nil }
    self.step = step
    self.seconds = seconds
    self.bestScore = bestScore
    self.bestStep = bestStep
    self.bestIsAverage = bestIsAverage
    self.validationsWithoutGain = validationsWithoutGain
    self.lossSum = lossSum
    self.lossCount = lossCount
  }
}
