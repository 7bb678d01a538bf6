/// What a network's numbers of a logistic mixture mean.
public enum MixtureForm: String, Sendable, CaseIterable {
  /// Differences: from the pixel's neighbours where they are known before it, from the channel before, from log scales that
  /// range from wide to narrow.
  ///
  /// A network that says nothing yet then says that a pixel is like those beside it. To learn that from values takes most of a
  /// short training, and finer steps than a network of little precision has.
  case relative
  /// Values: means, log scales and, through a hyperbolic tangent, coefficients between channels (Salimans and others 2017,
  /// PixelCNN++, section 2.2).
  case absolute
}
