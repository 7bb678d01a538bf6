/// Picks the distribution that suits a pixel's channels and levels.
public enum PixelDistributions {
  /// Bernoulli for two levels, categorical up to 32,
  /// else a discretised logistic mixture.
  public static func suited(
    channels: Int, levels: Int, mixtures: Int = 10, form: MixtureForm = .absolute
  ) -> any PixelDistribution {
    if levels == 2 && channels == 1 { return BernoulliPixel() }
    if channels == 1 && levels <= 32 { return CategoricalPixel(levels: levels) }
    return LogisticMixturePixel(
      channels: channels, levels: levels, mixtures: mixtures, form: form)
  }
}
