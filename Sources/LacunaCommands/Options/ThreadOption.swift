import ArgumentParser

/// How many threads compute.
struct ThreadOption: ParsableArguments {
  @Option(help: "Threads to compute with.", takes: .number(in: 1...1024), otherwise: "all cores")
  var threads: Int?
}
