import ArgumentParser

/// `lacuna evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how good a model or its embedding is.",
    subcommands: [EvaluateLikelihoodCommand.self, EvaluateEmbeddingCommand.self])
}
