public import Layers
import Tensors

/// Contrastive encoder: features by which two views of an image, moved, bent and lit otherwise, know each other among the
/// views of other images.
///
/// After Chen et al. 2020, A Simple Framework for Contrastive Learning of Visual Representations, section 2. A projection of the
/// features is compared (``ContrastiveLoss``), and the features before it are what it encodes: they keep more of the image. It learns
/// from images alone and does nothing else: there is no decoder. Departures: the other images are those of the shard; views are bent
/// and sheared too, and not mirrored unless asked for; no batch normalisation, since a shard is small.
public struct ContrastiveEncoder: Encoding, EncoderSharing {
  /// The settings of a contrastive encoder.
  public struct Configuration: ViewConfiguration {
    /// The kind of encoder.
    public var network = NetworkKind.convolutional
    /// Features of an image.
    public var features = 256
    /// Features a pixel at half the image's size, for convolutional networks.
    public var channels = 32
    /// Width of the projection that is compared.
    public var projection = 64
    /// What likenesses are divided by.
    public var temperature = 0.2
    /// How much views are moved and bent.
    public var distortion = 1.0
    /// How much contrast, brightness and colours of views change.
    public var tones = 1.0
    /// The longest side of the rectangle that is painted over, as a share of the image's.
    public var cutout = 0.4
    /// The share of views that are mirrored.
    public var mirrored = 0.0

    /// The defaults.
    public init() {}

    /// Every setting.
    public static let settings: [Setting<Configuration>] =
      [
        .choice("network", \.network, "encoder"),
        .integer("features", \.features, 4...8192, "features of an image", tiny: 16),
        .integer(
          "channels", \.channels, 2...512, "features a pixel at half the image's size", tiny: 8),
        .integer(
          "projection", \.projection, 2...4096, "width of the projection that is compared", tiny: 8),
        .real("temperature", \.temperature, 0.01...10, "what likenesses are divided by"),
      ] + viewSettings
  }

  /// What it is.
  public static let card = ModelCard(
    name: "contrastive", family: "contrastive",
    summary:
      "features by which moved copies know each other; the best without labels; only encodes",
    citation:
      "Chen et al. 2020, A Simple Framework for Contrastive Learning of Visual Representations, arXiv:2002.05709",
    heedsClasses: false, augmentationRole: .features)

  /// Its features are the encoder's own.
  public static let encoderSettings = EncoderSettings(features: "features")

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// Classes are not used.
  public let classCount: Int
  private let encoder: any EncoderNetwork
  private let hidden: Linear
  private let output: Linear
  private let parameters: [Parameter]

  /// Registers the encoder and, for learning, the projection under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    encoder = configuration.network.encoder(
      scope / "encoder", shape: shape, channels: configuration.channels,
      hidden: configuration.features)
    let width = encoder.featureCount
    hidden = Linear(scope / "projection.hidden", width, width, gain: Float(2).squareRoot())
    output = Linear(scope / "projection.output", width, configuration.projection, bias: false)
    parameters = scope.parameters
  }

  /// Features of an image.
  public var latentCount: Int { encoder.featureCount }

  /// The one objective: how hard it is to find an image's other view.
  public var objectives: [Objective] {
    [
      Objective(name: "contrast", parameters: parameters) { batch, pass in
        let sources = batch.noiseSources(pass)
        let views = (0..<2).map {
          configuration.viewTransform.views(of: batch, shape: shape, sources, number: $0)
        }
        let encoded = features(of: .concatenated(views, axis: 0), pass)
        let halves = output(hidden(encoded).silu()).split(into: 2, axis: 0)
        return ContrastiveLoss.mean(
          halves[0], halves[1], temperature: Float(configuration.temperature))
      }
    ]
  }

  private func features(of image: Tensor, _ pass: Pass) -> Tensor {
    encoder(image.converted(to: pass.elementType)).converted(to: .float32)
  }

  /// Encodings are points.
  public var givesVariances: Bool { false }

  /// The features; points, without variances.
  public func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
    Encodings(means: features(of: batch.scaled(levelCount: shape.levels, to: .float32), pass))
  }
}
