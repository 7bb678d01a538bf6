import ArgumentParser

/// `lacuna evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how good a model is.",
    subcommands: [EvaluateLikelihoodCommand.self, EvaluateImputationCommand.self])
}
