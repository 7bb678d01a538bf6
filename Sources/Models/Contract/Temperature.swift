/// How much likely images are preferred when they are drawn: 1 draws from the model, less keeps to what is likely.
///
/// The picture as a whole (latent points) and its details (pixels) have a temperature each.
public struct Temperature: Sendable, Hashable {
  /// Of latent points, where a model has them: scales how far they stray, above 0.
  public let latents: Float
  /// Of pixels, at least 0; 0 takes each pixel's mean; nil leaves it to the model, which may know that its pixels' noise is
  /// no part of a picture.
  public let pixels: Float?

  /// Temperatures; pixels are left to the model unless theirs is given.
  public init(_ latents: Float = 1, pixels: Float? = nil) {
    precondition(latents > 0 && pixels ?? 0 >= 0)
    self.latents = latents
    self.pixels = pixels
  }

  /// That of pixels, for models that have no reason to treat them otherwise.
  var ofPixels: Float { pixels ?? latents }

  /// The same where a value is drawn by its logits over the temperature: instead of 0 so little that only the likeliest is drawn.
  var ofLogits: Float { max(ofPixels, 1e-3) }
}

extension Temperature: ExpressibleByFloatLiteral {
  /// One for everything that a model draws, its pixels left to the model.
  public init(floatLiteral value: Float) { self.init(value) }
}

extension Temperature: ExpressibleByIntegerLiteral {
  /// One for everything that a model draws, its pixels left to the model.
  public init(integerLiteral value: Int) { self.init(Float(value)) }
}
