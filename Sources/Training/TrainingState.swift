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
  /// Sums and numbers of the steps' values since the last line of the log, by name.
  var sums: [String: (sum: Double, count: Int)] = [:]

  /// The entries of a checkpoint's metadata.
  var metadata: [String: String] {
    var entries = [
      "state.step": "\(step)", "state.seconds": "\(seconds)", "state.best_score": "\(bestScore)",
      "state.best_step": "\(bestStep)", "state.best_is_average": "\(bestIsAverage)",
      "state.validations_without_gain": "\(validationsWithoutGain)",
    ]
    for (name, part) in sums {
      entries["state.sum.\(name)"] = "\(part.sum)"
      entries["state.count.\(name)"] = "\(part.count)"
    }
    return entries
  }

  /// Takes a step's values in.
  mutating func take(_ values: [(name: String, value: Double)]) {
    for (name, value) in values {
      let part = sums[name] ?? (0, 0)
      sums[name] = (part.sum + value, part.count + 1)
    }
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
      let validationsWithoutGain: Int = value("validations_without_gain")
    else { return nil }
    self.step = step
    self.seconds = seconds
    self.bestScore = bestScore
    self.bestStep = bestStep
    self.bestIsAverage = bestIsAverage
    self.validationsWithoutGain = validationsWithoutGain
    for key in metadata.keys where key.hasPrefix("state.sum.") {
      let name = String(key.dropFirst("state.sum.".count))
      guard let sum: Double = value("sum.\(name)"), let count: Int = value("count.\(name)") else {
        return nil
      }
      sums[name] = (sum, count)
    }
  }
}
