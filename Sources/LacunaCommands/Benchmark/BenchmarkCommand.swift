import ArgumentParser

/// `lacuna benchmark`.
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measure how fast this machine samples and trains.",
    subcommands: [BenchmarkSamplingCommand.self, BenchmarkStepCommand.self])
}
