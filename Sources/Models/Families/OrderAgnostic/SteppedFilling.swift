/// How an order-agnostic model fills a hole.
public struct SteppedFilling: FillingConfiguration {
  /// The most passes through the network; 0: one for each missing pixel.
  public var steps = 0

  /// The defaults.
  public init() {}

  /// Filled by at most so many passes.
  public init(steps: Int) { self.steps = steps }

  /// Every option.
  public static let settings: [Setting<SteppedFilling>] = [
    .integer(
      "steps", \.steps, 0...1_000_000,
      "passes an image; fewer than missing pixels are quicker, and approximate; 0: one a pixel")
  ]

  /// The most passes; nil: as many as pixels are missing.
  var passes: Int? { steps > 0 ? steps : nil }
}
