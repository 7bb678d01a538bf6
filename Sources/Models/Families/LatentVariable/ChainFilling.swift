/// How a Markov chain over latents and missing pixels fills a hole.
public struct ChainFilling: FillingConfiguration {
  /// Sweeps that are corrected by acceptance, after a few that are not.
  public var sweeps = 60

  /// Steps of the annealing that estimates the likelihood of the known pixels; 0: importance sampling.
  public var annealing = 0

  /// The defaults.
  public init() {}

  /// Every option.
  public static let settings: [Setting<ChainFilling>] = [
    .integer(
      "sweeps", \.sweeps, 1...100_000,
      "sweeps of the chain that fills a hole, after twenty quick ones", tiny: 2),
    .integer(
      "annealing", \.annealing, 0...100_000,
      "steps that estimate the likelihood of what is known, by chains; 0: by importance sampling"),
  ]
}
