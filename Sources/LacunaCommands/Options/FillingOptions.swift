import ArgumentParser
import Models
import Tasks

/// How a model fills holes: the options that it declares, by name.
struct FillingOptions: ParsableArguments {
  @Option(
    help: "Particles to fill a hole with, where known pixels come after it.",
    value: "count", takes: .number(in: 1...1_000_000), otherwise: "64")
  var particles: Int?

  @Option(
    help: "Passes an image; fewer than missing pixels are quicker, and approximate ('any-order').",
    value: "count", takes: .number(above: 0))
  var steps: Int?

  @Option(
    name: .customLong("fill"),
    help: ArgumentHelp(
      "Any other filling option of the model; 'lacuna models NAME' lists them.",
      valueName: "key=value"))
  var assignments: [String] = []

  func validate() throws {
    for assignment in assignments where Assignment(assignment) == nil {
      throw ValidationError("--fill takes KEY=VALUE, not '\(assignment)'")
    }
  }

  /// The options by name; a method of `auto` is the model's own way.
  func options(method: String) -> [String: String] {
    var options: [String: String] = [:]
    for assignment in assignments.compactMap(Assignment.init) {
      options[assignment.key] = assignment.value
    }
    if method != "auto" { options["method"] = method }
    if let particles { options["particles"] = "\(particles)" }
    if let steps { options["steps"] = "\(steps)" }
    return options
  }
}
