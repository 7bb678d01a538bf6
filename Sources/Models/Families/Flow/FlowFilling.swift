/// How chains over the components of a flow fill a hole.
public struct FlowFilling: FillingConfiguration {
  /// Steps in which chains come from the prior to where what is known is what they show.
  public var steps = 100
  /// Chains of a completion, of which one is chosen by their weights.
  public var chains = 4

  /// The defaults.
  public init() {}

  /// Every option.
  public static let settings: [Setting<FlowFilling>] = [
    .integer(
      "steps", \.steps, 1...100_000,
      "steps of the chains from the prior to the known pixels", tiny: 3),
    .integer(
      "chains", \.chains, 1...64, "chains of a completion, one of which is chosen by their weights",
      tiny: 2),
  ]
}
