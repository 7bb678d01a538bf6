/// How a chain fills a hole.
public struct GibbsFilling: FillingConfiguration {
  /// Sweeps of the chain.
  public var sweeps = 200

  /// The defaults.
  public init() {}

  /// Every option.
  public static let settings: [Setting<GibbsFilling>] = [
    .integer("sweeps", \.sweeps, 1...100_000, "sweeps of the chain that fills a hole")
  ]
}
