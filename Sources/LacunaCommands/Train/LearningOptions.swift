import ArgumentParser
import Training

/// How the model learns.
struct LearningOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A setting of the model; 'lacuna models NAME' lists them.", valueName: "key=value"))
  var assignments: [String] = []

  @Flag(help: "Ignore class folders.")
  var unconditional = false

  @Option(help: ArgumentHelp("Images a step.", valueName: "count"))
  var batch = 32

  @Option(
    help: ArgumentHelp(
      "The highest learning rate (default: the model's own).", valueName: "rate"))
  var learningRate: Float?

  @Option(
    help: ArgumentHelp("Share of the averaged weights that a step keeps.", valueName: "share"))
  var averageDecay: Float = 0.999

  @Option(help: "Decides initial weights, the order of images and dropout.")
  var seed: UInt64 = 0

  func validate() throws {
    for assignment in assignments where Assignment(assignment) == nil {
      throw ValidationError("--set takes KEY=VALUE, not '\(assignment)'")
    }
    guard (1...65536).contains(batch) else {
      throw ValidationError("--batch takes a number in 1...65536, not \(batch)")
    }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate takes a number above 0, not \(learningRate)")
    }
    guard averageDecay >= 0, averageDecay < 1 else {
      throw ValidationError("--average-decay takes a number from 0 to below 1, not \(averageDecay)")
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
