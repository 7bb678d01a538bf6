public import Tensors

/// What a generator and its discriminator descend, given what the discriminator says of images: real values d, above 0 where an
/// image seems real.
///
/// The best discriminator of the first two says log p(x) - log q(x), p being the images' distribution and q the generator's: an image is real with probability
/// p / (p + q) (Goodfellow and others 2014, Generative Adversarial Nets, proposition 1). That of least squares says (b p + a q) / (p + q).
public struct AdversarialLoss: Sendable {
  /// What is descended.
  public enum Kind: String, Sendable, CaseIterable {
    /// Both descend one value, with opposite signs: the generator's slope fades where it is told apart easily (Goodfellow and
    /// others 2014, equation 1).
    case minimax
    /// The generator ascends the logarithm of how real its images seem (the same, section 3).
    case nonSaturating = "non-saturating"
    /// Squared distances of the discriminator's values to those that are wanted (Mao and others 2017, Least Squares Generative
    /// Adversarial Networks, equation 2).
    case leastSquares = "least-squares"
  }

  let kind: Kind
  /// What least squares want of the discriminator for drawn and for real images, and the generator of it for drawn ones: a, b and c.
  let drawnTarget: Float, realTarget: Float, wantedTarget: Float

  /// A loss; targets matter to least squares alone.
  public init(
    kind: Kind, drawnTarget: Float = 0, realTarget: Float = 1, wantedTarget: Float = 1
  ) {
    self.kind = kind
    (self.drawnTarget, self.realTarget, self.wantedTarget) = (drawnTarget, realTarget, wantedTarget)
  }

  /// The discriminator's, from its values of as many real and drawn images.
  public func ofDiscriminator(real: Tensor, drawn: Tensor) -> Tensor {
    switch kind {
    case .minimax, .nonSaturating: ((-real).softplus() + drawn.softplus()).mean()
    case .leastSquares:
      ((real - realTarget).squared() + (drawn - drawnTarget).squared()).mean() * 0.5
    }
  }

  /// The generator's, from the discriminator's values of drawn images.
  public func ofGenerator(_ drawn: Tensor) -> Tensor {
    switch kind {
    case .minimax: drawn.softplus().mean() * -1
    case .nonSaturating: (-drawn).softplus().mean()
    case .leastSquares: (drawn - wantedTarget).squared().mean() * 0.5
    }
  }
}
