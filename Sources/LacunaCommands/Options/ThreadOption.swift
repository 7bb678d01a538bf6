import ArgumentParser
import Tensors

/// How many threads compute.
struct ThreadOption: ParsableArguments {
  @Option(help: "Threads to compute with.", takes: .number(in: 1...1024), otherwise: "all cores")
  var threads: Int?

  /// Sets what holds for the whole process.
  func apply() {
    if let threads { ThreadPool.threads = threads }
  }
}
