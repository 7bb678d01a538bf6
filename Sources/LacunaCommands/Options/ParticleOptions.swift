import ArgumentParser
import Tasks

/// Particles, where a model of fixed orders fills a hole by them.
struct ParticleOptions: ParsableArguments {
  @Option(
    help: "Particles to fill a hole with, where known pixels come after it.", value: "count",
    takes: .number(in: 1...1_000_000))
  var particles = ImputationMethod.usualParticles
}

extension ImputationMethod {
  /// The method of this name.
  init(named name: String) throws {
    guard let method = ImputationMethod(rawValue: name) else {
      let known = ImputationMethod.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--method: there is no '\(name)'; there are \(known)")
    }
    self = method
  }
}
