import Layers
import Tensors

/// Reads images into features, and those into a Gaussian: q(z | features) = N(mean, exp(log variance)), diagonal.
struct GaussianEncoder: Sendable {
  private let reader: any FeatureNetwork
  private let toMean: Linear
  private let toLogVariance: Linear

  /// Registers the network, `mean` and `log_variance` under `scope`.
  init(
    _ scope: Scope, _ network: NetworkKind, shape: ImageShape, channels: Int, hidden: Int,
    latent: Int
  ) {
    reader = network.reader(scope, shape: shape, channels: channels, hidden: hidden)
    toMean = Linear(scope / "mean", reader.featureCount, latent)
    toLogVariance = Linear(scope / "log_variance", reader.featureCount, latent, gain: 0.1)
  }

  /// Features an image.
  var featureCount: Int { reader.featureCount }

  /// Float32 `[images, features]`.
  func features(of image: Tensor) -> Tensor { reader(image).converted(to: .float32) }

  /// The Gaussian of each row of features.
  func posterior(_ features: Tensor) -> DiagonalGaussian {
    DiagonalGaussian(mean: toMean(features), logVariance: toLogVariance(features))
  }
}
