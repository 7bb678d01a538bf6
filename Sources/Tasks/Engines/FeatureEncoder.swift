package import Images
public import Models
import Tensors
public import Training

/// Turns images into features in memory.
public struct FeatureEncoder: Sendable {
  /// What is asked of an image.
  public struct Options: Sendable {
    /// Whether variances are wanted.
    public var wantsVariances = false
    /// Whether the probability of each class is wanted.
    public var wantsPredictions = false

    /// The defaults.
    public init() {}
  }

  /// What the model says of an image.
  public struct Features: Sendable {
    /// The features.
    public let means: [Float]
    /// Their variances; nil where they are not wanted, or the encoder gives points.
    public let variances: [Float]?
    /// The probability of each class; nil where it is not wanted.
    public let probabilities: [Float]?

    /// Whether all of them are numbers; otherwise the model's weights run over.
    public var isFinite: Bool {
      [means, variances ?? [], probabilities ?? []].allSatisfy { $0.allSatisfy(\.isFinite) }
    }
  }

  private let model: any Encoding
  private let classifier: (any Classifying)?
  private let wantsVariances: Bool
  private let context: Context

  /// An encoder with this model.
  ///
  /// - Throws: `EngineError.cannot` where the model cannot encode, or not classify or give variances and shall.
  public init(
    _ model: any GenerativeModel, _ options: Options, _ context: Context
  ) throws(EngineError) {
    guard let encoder = model as? any Encoding else {
      throw .cannot(Zoo.lacking("encode", type(of: model)).description)
    }
    self.model = encoder
    self.context = context
    wantsVariances = options.wantsVariances
    classifier = options.wantsPredictions ? model as? any Classifying : nil
    if options.wantsPredictions {
      guard classifier != nil else {
        throw .cannot(Zoo.lacking("classify", type(of: model)).description)
      }
      guard model.classCount > 0 else {
        throw .cannot("--predict: the model was trained without classes; train it with labels")
      }
    }
    guard options.wantsVariances, !encoder.givesVariances else { return }
    throw .cannot(
      "--variance: '\(type(of: model).card.name)' encodes an image as a point, without variances")
  }

  /// What the model's images have in common.
  public var shape: ImageShape { model.shape }
  /// Features of an image.
  public var featureCount: Int { model.latentCount }
  /// Whether features come with the probability of each class.
  public var predicts: Bool { classifier != nil }

  /// The levels of an image, which is resampled where it has another size.
  package func levels(of image: Image) -> [Float] {
    let fitted =
      image.width == shape.width && image.height == shape.height
      ? image : image.resampled(width: shape.width, height: shape.height)
    return PixelLevels.levels(of: fitted, shape: shape).map(Float.init)
  }

  /// The features of images, `shape.dimensionCount` levels each; those of one depend on it alone.
  ///
  /// Tiles of images are spread over the threads; inside of a thread's work they stay on it.
  ///
  /// - Parameter labels: shown to encoders that look at classes; by default none is: a feature that knew the label would
  ///   be of no use for an image without one.
  public func encode(_ images: [[Float]], labels: [Int?]? = nil) -> [Features] {
    let labels = labels ?? [Int?](repeating: nil, count: images.count)
    precondition(labels.count == images.count, "a label for each image")
    return context.run { Tiles.map(Array(zip(images, labels))) { encoded($0) } }
  }

  /// What is wrong where features are not finite.
  package var notFinite: EngineError { .notFinite("features", model) }

  private func encoded(_ tile: Tile<([Float], Int?)>) -> [Features] {
    let batch = ImageBatch(
      tile.padded.map(\.0), labels: tile.padded.map { model.classCount > 0 ? $0.1 : nil },
      shape: model.shape)
    let pass = Pass(context.precision)
    let encodings = model.encodings(batch, pass)
    let means = encodings.means.values
    let variances = wantsVariances ? encodings.variances?.values : nil
    let probabilities = classifier?.classProbabilities(batch, pass).values
    func row(_ values: [Float], _ place: Int) -> [Float] {
      let width = values.count / Tiles.size
      return Array(values[place * width..<(place + 1) * width])
    }
    return tile.items.indices.map { place in
      Features(
        means: row(means, place), variances: variances.map { row($0, place) },
        probabilities: probabilities.map { row($0, place) })
    }
  }
}
