import Models
import Tensors

/// How missing pixels are drawn where a model leaves a choice.
public enum ImputationMethod: String, Sendable, CaseIterable {
  /// The best that the model can do: in a fixed order where that is exact, and otherwise by particles.
  case auto
  /// Pixel by pixel in the model's order that suits the hole best, blind to known pixels that come later.
  case ordered
  /// Pixel by pixel in raster order, whatever the hole: what ignoring the hole's shape would give.
  case raster
  /// As `auto`, and an error where the model has no fixed order.
  case particles

  /// Particles an image where nothing else is said: a tile of images.
  public static let usualParticles = tileSize

  /// Makes sure that a model can fill holes by this method.
  ///
  /// - Throws: `TaskError` where a method for fixed orders meets a model without one.
  func check(_ model: any Completing) throws(TaskError) {
    guard self != .auto, !(model is any Autoregressive) else { return }
    throw TaskError(
      "--method \(rawValue): is for models that fill in a fixed order, such as 'pixelcnn'; "
        + "'\(type(of: model).card.name)' fills holes in its own way: leave --method out")
  }

  /// The same for a model.
  ///
  /// - Parameters:
  ///   - particles: particles an image.
  ///   - random: their numbers.
  func filling(particles: Int, random: RandomSource) -> FillingMethod {
    switch self {
    case .auto, .particles:
      .particles(ParticleSettings(count: particles, random: random.with(purpose: .particles)))
    case .ordered: .ordered
    case .raster: .raster
    }
  }
}
