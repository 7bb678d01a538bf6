import Layers
import Tensors

/// Images to features, and those to a Gaussian: q(z | features) = N(mean, exp(log variance)), diagonal.
struct GaussianEncoder: Sendable {
  private let network: any EncoderNetwork
  private let toMean: Linear
  private let toLogVariance: Linear

  /// Registers the network, `mean` and `log_variance` under `scope`.
  init(
    _ scope: Scope, _ kind: NetworkKind, shape: ImageShape, channels: Int, hidden: Int,
    latent: Int
  ) {
    network = kind.encoder(scope, shape: shape, channels: channels, hidden: hidden)
    toMean = Linear(scope / "mean", network.featureCount, latent)
    toLogVariance = Linear(scope / "log_variance", network.featureCount, latent, gain: 0.1)
  }

  /// Features an image.
  var featureCount: Int { network.featureCount }

  /// Float32 `[images, features]`.
  func features(of image: Tensor, _ dropout: FeatureDropout = .none) -> Tensor {
    network(image, dropout).converted(to: .float32)
  }

  /// The Gaussian of each row of features.
  func posterior(_ features: Tensor) -> DiagonalGaussian {
    DiagonalGaussian(mean: toMean(features), logVariance: toLogVariance(features))
  }
}
