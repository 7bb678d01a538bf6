import ArgumentParser
import Tasks

/// Particles, where a model of fixed orders fills a hole by them.
struct ParticleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Particles to fill a hole with, where known pixels come after it.", valueName: "count"))
  var particles = ImputationMethod.usualParticles

  func validate() throws {
    guard (1...1_000_000).contains(particles) else {
      throw ValidationError("--particles takes a number in 1...1000000, not \(particles)")
    }
  }
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
