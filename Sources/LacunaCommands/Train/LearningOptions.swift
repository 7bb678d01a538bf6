import ArgumentParser
import Training

private let defaults = TrainingOptions()

/// How the model learns.
struct LearningOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A setting of the model; 'lacuna models NAME' lists them.", valueName: "key=value"))
  var assignments: [String] = []

  @Flag(help: "Ignore class folders.")
  var unconditional = false

  @Option(batch: "Images a step.")
  var batch = defaults.batchSize

  @Option(
    help: "The highest learning rate.", value: "rate", takes: .number(above: 0),
    otherwise: "the model's own")
  var learningRate: Float?

  @Option(
    help: "Share of the averaged weights that a step keeps.", value: "share",
    takes: .number(from: 0, below: 1))
  var averageDecay = defaults.averageDecay

  @Option(seed: "Decides initial weights, the order of images and dropout.")
  var seed: UInt64

  func validate() throws {
    for assignment in assignments where Assignment(assignment) == nil {
      throw ValidationError("--set takes KEY=VALUE, not '\(assignment)'")
    }
  }

  /// The model's settings by name; the last of equal names counts.
  var settings: [String: String] {
    var settings: [String: String] = [:]
    for assignment in assignments.compactMap(Assignment.init) {
      settings[assignment.key] = assignment.value
    }
    return settings
  }

  func apply(to options: inout TrainingOptions) {
    options.batchSize = batch
    options.learningRate = learningRate
    options.averageDecay = averageDecay
    options.seed = seed
  }
}
