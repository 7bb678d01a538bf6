import Models
import Tensors
import Training

/// What turns images into the features that sets of images are compared by, learnt from real images alone.
///
/// Features are taken from their mean over the images that taught them, and divided by one number, so that their variance is 1 a feature:
/// distances of unlike data sets have one scale, and one direction still counts as much as it varies.
struct SampleFeatures: Sendable {
  /// Which features.
  enum Source: Sendable {
    /// The penultimate layer of the fixed small classifier.
    case classifier(SmallClassifier)
    /// A model's encodings.
    case encoder(FeatureEncoder, name: String)
    /// The pixels.
    case pixels
  }

  /// Features at most: wider ones are brought to their principal components.
  static let mostFeatures = 128
  /// Images that means, scales and components are learnt from at most.
  static let mostTeaching = 4000

  /// What they are, for people.
  let name: String
  private let source: Source
  private let components: PrincipalComponents?
  private let mean: Tensor
  private let scale: Float
  private let precision: ElementType

  /// Features of this source, their scale learnt from images.
  ///
  /// - Throws: `TaskError` where they do not vary, `EngineError.cannot` where they are not finite.
  init(_ source: Source, teaching: ImageDataset, _ precision: ElementType) throws {
    self.source = source
    self.precision = precision
    let taught = teaching.evenly(Self.mostTeaching)
    let raw = try Self.rows(of: source, taught, precision)
    components =
      raw.width > Self.mostFeatures ? PrincipalComponents(raw, count: Self.mostFeatures) : nil
    let rows = components.map { Self.projected(raw, $0) } ?? raw
    let moments = FeatureMoments(rows)
    let variance = moments.totalVariance / Double(rows.width)
    guard variance > 0, variance.isFinite else {
      throw TaskError(
        "the features of the \(taught.count) real images are all alike; give other images, or other "
          + "--features")
    }
    mean = Tensor(moments.mean.map(Float.init), shape: [1, rows.width])
    scale = Float(1 / variance.squareRoot())
    name = Self.name(of: source, width: rows.width, isReduced: components != nil)
  }

  /// The features of images.
  ///
  /// - Throws: `EngineError.cannot` where they are not finite.
  func rows(_ images: ImageDataset) throws -> FeatureRows {
    let raw = try Self.rows(of: source, images, precision)
    let rows = components.map { Self.projected(raw, $0) } ?? raw
    let values = Self.values(rows) { ($0 - mean) * scale }
    return FeatureRows(values, width: rows.width)
  }

  private static func name(of source: Source, width: Int, isReduced: Bool) -> String {
    switch source {
    case .classifier: "penultimate layer of the fixed small classifier (\(width))"
    case .encoder(_, let name):
      "encoding by \(name) (" + (isReduced ? "\(width) principal components)" : "\(width))")
    case .pixels:
      "pixels" + (isReduced ? ", \(width) principal components" : " (\(width))")
    }
  }

  private static func rows(
    of source: Source, _ images: ImageDataset, _ precision: ElementType
  ) throws -> FeatureRows {
    switch source {
    case .classifier(let classifier):
      let rows = classifier.features(images, precision)
      guard rows.allSatisfy(\.isFinite) else {
        throw TaskError("the classifier's features are not finite; try --precision float32")
      }
      return FeatureRows(rows, width: rows.count / images.count)
    case .encoder(let encoder, _):
      let encoded = try EncodedOriginals(encoder, images.unlabelled)
      return FeatureRows(count: images.count, width: encoded.width) { encoded.rows(Array($0)[...]) }
    case .pixels: return images.pixelRows
    }
  }

  private static func projected(
    _ rows: FeatureRows, _ components: PrincipalComponents
  ) -> FeatureRows {
    FeatureRows(values(rows) { components.places($0) }, width: components.count)
  }

  /// What comes of blocks of rows, one after the other.
  private static func values(
    _ rows: FeatureRows, _ change: @Sendable (Tensor) -> Tensor
  ) -> [Float] {
    let blocks = NearestRows.blocks(rows.count)
    return ThreadPool.map(blocks.count) { change(rows.rows(blocks[$0])).values }.flatMap { $0 }
  }
}
