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

  @Option(help: "Images a step.", value: "count", takes: .batch)
  var batch = 32

  @Option(
    help: "The highest learning rate.", value: "rate", takes: .number(above: 0),
    otherwise: "the model's own")
  var learningRate: Float?

  @Option(
    help: "Share of the averaged weights that a step keeps.", value: "share",
    takes: .number(from: 0, below: 1))
  var averageDecay: Float = 0.999

  @Option(help: "Decides initial weights, the order of images and dropout.", takes: .seed)
  var seed: UInt64 = 0

  func validate() throws {
    for assignment in assignments {
      let parts = Self.parts(assignment)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw ValidationError("--set takes KEY=VALUE, not '\(assignment)'")
      }
    }
  }

  /// The model's settings by name; the last of equal names counts.
  var settings: [String: String] {
    var settings: [String: String] = [:]
    for parts in assignments.map(Self.parts) where parts.count == 2 {
      settings[String(parts[0])] = String(parts[1])
    }
    return settings
  }

  func apply(to options: inout TrainingOptions) {
    options.batchSize = batch
    options.learningRate = learningRate
    options.averageDecay = averageDecay
    options.seed = seed
  }

  private static func parts(_ assignment: String) -> [Substring] {
    assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
  }
}
