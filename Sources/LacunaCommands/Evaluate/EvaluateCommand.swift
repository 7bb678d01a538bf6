import ArgumentParser

/// `lacuna evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how good a model, its completions or its embedding are.",
    subcommands: [
      EvaluateLikelihoodCommand.self, EvaluateImputationCommand.self,
      EvaluateEmbeddingCommand.self, EvaluateAugmentationCommand.self,
      EvaluateSamplesCommand.self, EvaluateChainsCommand.self,
    ])
}
