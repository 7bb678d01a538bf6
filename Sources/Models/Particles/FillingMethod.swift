public import Tensors

/// How a model of fixed orders fills a hole.
public enum FillingMethod: Sendable, Hashable {
  /// In the model's first order, raster order, whatever the hole: blind to known pixels that come later.
  case raster
  /// In the order that suits the hole best; blind to known pixels that come later.
  case ordered
  /// In the order that suits the hole best; where known pixels come later in it, by particles that heed them.
  case particles(ParticleSettings)
}

/// How many particles fill a hole, and with which numbers.
public struct ParticleSettings: Sendable, Hashable {
  /// Particles an image, at least 1.
  public let count: Int
  /// Their random numbers.
  ///
  /// Requests for the same hole in the same image, one after the other, that have the same numbers draw from the same
  /// particles: several completions then cost as much as one.
  public let random: RandomSource

  /// Settings.
  public init(count: Int, random: RandomSource) {
    precondition(count > 0, "\(count) particles")
    self.count = count
    self.random = random
  }
}
