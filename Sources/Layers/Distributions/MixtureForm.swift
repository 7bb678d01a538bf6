import Platform

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

extension MixtureForm {
  /// What log scales and coefficients are relative to, a number for each parameter of a mixture; nil where they are absolute.
  ///
  /// Log scales go from -1, about half of all levels, to that of about one level (-5 of 256), spread over the logistics; a channel's mean
  /// moves with that of the channel before.
  func start(channels: Int, levels: Int, mixtures: Int) -> [Float]? {
    guard self == .relative else { return nil }
    let narrowest = logf((expf(1) - 1) / Float(levels - 1))
    let widest = max(-1, narrowest)
    let scales = (0..<mixtures).map {
      widest + (narrowest - widest) * Float($0) / Float(max(1, mixtures - 1))
    }
    let zeros = [Float](repeating: 0, count: mixtures)
    let ones = [Float](repeating: 1, count: mixtures)
    let values = zeros + (0..<channels).flatMap { _ in zeros + scales }
    return channels == 3 ? values + ones + zeros + ones : values
  }
}
