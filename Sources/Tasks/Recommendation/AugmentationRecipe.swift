import Files
public import Models
import Tensors
public import Training

/// What augmentation helps on a data set, and how that was found out: a file that `augment` obeys.
public struct AugmentationRecipe: Sendable, Equatable {
  /// One way that was tried.
  public struct Trial: Sendable, Equatable {
    /// The way in words.
    public let title: String
    /// By how much more of the images left out were told rightly, 0...1.
    public let gain: Double
    /// Its standard error over the images; nil for a single one.
    public let standardError: Double?
    /// How many parts of cross-validation judged it; one of few was hopeless after them.
    public let parts: Int
    /// Whether it was judged as often as a recommendation asks.
    public let isComplete: Bool
    /// Images for each original where it is copies of originals under ordinary transforms alone.
    public let copies: Int?
  }

  /// A trained model beside the recipe.
  public struct Model: Sendable, Equatable {
    /// Its file, relative to the recipe's directory.
    public let file: String
    /// SHA-256 of the file, hexadecimal.
    public let digest: String
  }

  /// What to make beside the originals; nothing where nothing was found to help.
  public var way: AugmentationWay
  /// The model that draws; nil where none does.
  public var drawing: Model?
  /// The model that tells classes; nil where none does.
  public var labelling: Model?
  /// Decides the random numbers.
  public var seed: UInt64
  /// The fingerprint of the images, those without a label among them.
  public var fingerprint: String
  /// What the images have in common.
  public var shape: ImageShape
  /// Labelled images, and images without a label.
  public var counts: (labelled: Int, unlabelled: Int)
  /// The directory of more images without a label, as it was given; nil where there was none.
  public var unlabelled: String?
  /// What every training image undergoes anew each time, in words.
  public var base: String
  /// Accuracy without augmentation, on the parts left out.
  public var baseAccuracy: Double
  /// By how much the best way is expected to raise the accuracy on new images, and the 90 % interval.
  public var expected: (gain: Double, low: Double, high: Double)
  /// What gained most, whether or not it is used.
  public var best: String?
  /// Everything that was tried, in order.
  public var trials: [Trial]

  /// Whether something helps.
  public var helps: Bool { !way.isNothing }

  /// A recipe of a way, as if it had been found.
  package init(
    _ way: AugmentationWay, for images: ImageDataset, seed: UInt64 = 0, drawing: Model? = nil,
    labelling: Model? = nil
  ) {
    self.init(
      way: way, drawing: drawing, labelling: labelling, seed: seed,
      fingerprint: images.fingerprint, shape: images.shape,
      counts: (images.labelledCount, images.count - images.labelledCount), base: "none",
      baseAccuracy: 0, expected: (0, 0, 0), trials: [])
  }

  /// Writes the file.
  package func write(to path: String) throws {
    try AtomicFile.write(Array((json.formatted + "\n").utf8), to: path)
  }

  /// A gain in points, with its sign.
  public static func points(_ share: Double) -> String {
    (share >= 0 ? "+" : "") + FixedPoint.text(100 * share, digits: 1)
  }

  /// What was found, in one line.
  public var verdict: String {
    let interval = "90 % interval \(Self.points(expected.low)) to \(Self.points(expected.high))"
    if helps {
      return "use \(way.title): expect \(Self.points(expected.gain)) points (\(interval))"
    }
    if !trials.contains(where: \.isComplete) {
      return "the time was too short to judge anything; give more --minutes"
    }
    let closest =
      best.map { "; the best, \($0), \(Self.points(expected.gain)) points (\(interval))" } ?? ""
    return "nothing helps here beyond the spread\(closest)"
  }

  /// Makes sure that images are those that the recipe was found with.
  ///
  /// - Throws: `TaskError` where they are others: what helps them is not known.
  public func check(_ images: ImageDataset, path: String) throws {
    guard images.fingerprint == fingerprint else {
      throw TaskError(
        "\(path): holds other images than the recipe was found with (\(counts.labelled) labelled and "
          + "\(counts.unlabelled) without a label then, \(images.labelledCount) and "
          + "\(images.count - images.labelledCount) now); recommend anew")
    }
  }

  init(
    way: AugmentationWay, drawing: Model? = nil, labelling: Model? = nil, seed: UInt64,
    fingerprint: String, shape: ImageShape, counts: (labelled: Int, unlabelled: Int),
    unlabelled: String? = nil, base: String, baseAccuracy: Double,
    expected: (gain: Double, low: Double, high: Double), best: String? = nil, trials: [Trial]
  ) {
    self.way = way
    self.drawing = drawing
    self.labelling = labelling
    self.seed = seed
    self.fingerprint = fingerprint
    self.shape = shape
    self.counts = counts
    self.unlabelled = unlabelled
    self.base = base
    self.baseAccuracy = baseAccuracy
    self.expected = expected
    self.best = best
    self.trials = trials
  }

  /// Whether two say the same.
  public static func == (left: AugmentationRecipe, right: AugmentationRecipe) -> Bool {
    left.json == right.json
  }
}
