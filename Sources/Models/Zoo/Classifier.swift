public import Layers
public import Tensors

/// Classifier: p(class | image) by an encoder and one layer, learnt from the images that have labels and from moved copies of all
/// (``ConsistencyLoss``).
///
/// Its encoder is the one of `contrastive`, `autoencoder`, `vae` and `semi-vae`, so that it may begin where one of these ended
/// (`train --start`), which has seen images without labels: their decoder is thrown away, and few labels go further (Kingma
/// et al. 2014, Semi-Supervised Learning with Deep Generative Models, section 2, M1; Chen et al. 2020, A Simple Framework
/// for Contrastive Learning, section 4). It is no generative model: it neither draws nor scores.
public struct Classifier: Encoding, SemiSupervised, EncoderSharing {
  /// The settings of a classifier.
  public struct Configuration: ViewConfiguration {
    /// The kind of encoder.
    public var network = NetworkKind.convolutional
    /// Features a pixel at half the image's size, for convolutional networks.
    public var channels = 32
    /// Features of an image.
    public var hidden = 256
    /// Share of features dropped while learning.
    public var dropout = 0.2
    /// Share of a batch that is labelled, where some images are not.
    public var labelledShare = 0.25
    /// Whether moved copies are learnt too.
    public var copies = CopiesLearnt.all
    /// Probability above which a class that an unlabelled image is given becomes its copy's target.
    public var confidence = 0.95
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
        .integer(
          "channels", \.channels, 2...512, "features a pixel at half the image's size", tiny: 8),
        .integer("hidden", \.hidden, 4...8192, "features of an image", tiny: 16),
        .real("dropout", \.dropout, 0...0.9, "share of features dropped while learning"),
        .real(
          "labelled-share", \.labelledShare, 0.01...0.99,
          "share of a batch that is labelled, where some images are not"),
        .choice(
          "copies", \.copies, "moved copies that it learns: of no image, of labelled ones, of all"),
        .real(
          "confidence", \.confidence, 0...1,
          "probability above which a class given to an unlabelled image is believed"),
      ] + viewSettings
  }

  /// Of which images a classifier learns moved copies.
  public enum CopiesLearnt: String, CaseIterable, Sendable {
    /// Of none: labelled images as they are.
    case none
    /// Of labelled ones.
    case labelled
    /// Of all: unlabelled ones count where it is sure of their class.
    case all
  }

  /// What it is.
  public static let card = ModelCard(
    name: "classifier", family: "discriminative",
    summary:
      "tells classes, from few labels where it starts from an encoder; classifies and encodes",
    citation:
      "Sohn et al. 2020, FixMatch: Simplifying Semi-Supervised Learning with Consistency and Confidence, arXiv:2001.07685",
    augmentationRole: .labelling)

  /// The settings.
  public let configuration: Configuration
  /// What its images have in common.
  public let shape: ImageShape
  /// The number of classes, at least 2.
  public let classCount: Int
  private let encoder: any EncoderNetwork
  private let output: Linear
  private let parameters: [Parameter]

  /// Images of at least two classes.
  public static func check(_ shape: ImageShape, classCount: Int) throws(ModelError) {
    guard classCount > 1 else {
      throw ModelError(
        "a 'classifier' tells classes apart, and these images have \(classCount == 0 ? "none" : "one"): "
          + "sort them into class folders, or name their classes by --labels FILE.csv")
    }
  }

  /// Registers the encoder and the layer above it under `scope`.
  public init(
    _ configuration: Configuration, shape: ImageShape, classCount: Int, scope: Scope
  ) throws(ModelError) {
    self.configuration = configuration
    self.shape = shape
    self.classCount = classCount
    encoder = configuration.network.encoder(
      scope / "encoder", shape: shape, channels: configuration.channels,
      hidden: configuration.hidden)
    output = Linear(scope / "output", encoder.featureCount, classCount, gain: 0.1)
    parameters = scope.parameters
  }

  /// Features of an image.
  public var latentCount: Int { encoder.featureCount }
  /// Share of a batch that is labelled.
  public var labelledShare: Double { configuration.labelledShare }
  /// By the labelled images that were set aside.
  public var weightSelection: WeightSelection { .labelledObjective("cross-entropy") }

  /// The one objective: the losses of images and of moved copies.
  public var objectives: [Objective] {
    [
      Objective(name: "cross-entropy", parameters: parameters) { batch, pass in
        let consistency = ConsistencyLoss(
          classCount: classCount,
          confidence: configuration.copies == .all ? configuration.confidence : .infinity)
        let isCopying = pass.isLearning && configuration.copies != .none
        return consistency(
          batch.labels, logits: logits(features(of: batch, pass)),
          copies: isCopying ? { logits(features(ofViewsOf: batch, pass)) } : nil)
      }
    ]
  }

  private func logits(_ features: Tensor) -> Tensor { output(features) }

  private func features(of batch: ImageBatch, _ pass: Pass) -> Tensor {
    features(of: batch.scaled(levelCount: shape.levels, to: .float32), pass, derived: 1)
  }

  private func features(ofViewsOf batch: ImageBatch, _ pass: Pass) -> Tensor {
    let views = configuration.viewTransform.views(
      of: batch, shape: shape, batch.noiseSources(pass), number: 0)
    return features(of: views, pass, derived: 2)
  }

  private func features(of image: Tensor, _ pass: Pass, derived: Int) -> Tensor {
    let dropout = FeatureDropout(
      configuration.dropout, random: pass.noise?.derived(derived))
    return encoder(image.converted(to: pass.elementType), dropout).converted(to: .float32)
  }

  /// p(class | image).
  public func classProbabilities(_ batch: ImageBatch, _ pass: Pass) -> Tensor {
    logits(features(of: batch, pass)).softmax()
  }

  /// Encodings are points.
  public var givesVariances: Bool { false }

  /// The features; points, without variances.
  public func encodings(_ batch: ImageBatch, _ pass: Pass) -> Encodings {
    Encodings(means: features(of: batch, pass))
  }
}
