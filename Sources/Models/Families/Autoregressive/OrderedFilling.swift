import Tensors

/// How a model of fixed orders fills a hole.
public struct OrderedFilling: FillingConfiguration {
  /// In which order, and whether known pixels that come later are heeded.
  public enum Method: String, Sendable, CaseIterable {
    /// The best that the model can do: in an order where that is exact, and otherwise by particles.
    case auto
    /// In the order that suits the hole best; blind to known pixels that come later.
    case ordered
    /// In the model's first order, raster order, whatever the hole: what ignoring the hole's shape would give.
    case raster
    /// As `auto`.
    case particles
  }

  /// In which order, and whether known pixels that come later are heeded.
  public var method = Method.auto
  /// Particles an image, where a hole is filled by them.
  public var particles = Tiles.size

  /// The defaults.
  public init() {}

  /// Filled by this method.
  public init(_ method: Method, particles: Int = Tiles.size) {
    self.method = method
    self.particles = particles
  }

  /// Every option.
  public static let settings: [Setting<OrderedFilling>] = [
    .choice(
      "method", \.method,
      "the best order, blind to known pixels after the hole; raster order; particles, which heed them"
    ),
    .integer(
      "particles", \.particles, 1...1_000_000,
      "particles to fill a hole with, where known pixels come after it", tiny: 8),
  ]

  /// Whether known pixels that come after missing ones are heeded.
  var mayTakeParticles: Bool { method == .auto || method == .particles }
}
