import Files
public import Models
import Tensors
public import Training

/// The real images that samples are judged by.
public struct SampleImages: Sendable {
  /// The images that the classifier and the scale of features are learnt from, and that stand in the samples' place for comparison.
  let teaching: ImageDataset
  /// The images that sets are compared with, in a random order.
  let test: ImageDataset
  /// The images among which copies are looked up.
  let originals: ImageDataset
  /// Whether one directory gave both, by halves.
  public let isHalved: Bool

  /// What all images have in common.
  public var shape: ImageShape { test.shape }
  /// The names of the classes.
  public var classes: [String] { teaching.classes }
  /// Images to learn from.
  public var teachingCount: Int { teaching.count }
  /// Images to compare with.
  public var testCount: Int { test.count }

  /// Images that sets are compared with at most.
  public static let mostTest = 10_000
  /// Images of a set at least.
  static let fewest = 20

  /// Reads one directory or two.
  ///
  /// - Parameters:
  ///   - dataset: the images to compare with.
  ///   - training: those to learn from; nil: a half of the others, and the other half is compared with.
  ///   - seed: decides halves and order.
  /// - Throws: `TaskError` where there are too few, or the two do not go together, and what reading throws.
  public init(
    _ dataset: String, training: String?, loader: DatasetLoader, seed: UInt64
  ) throws {
    let images = try loader.load(dataset)
    guard let training else {
      guard images.count >= 2 * Self.fewest else {
        throw TaskError(
          "\(dataset): has \(Self.number(images.count)); of one directory a half is compared with the other, "
            + "which takes \(2 * Self.fewest): add images, or give others by --training-set")
      }
      // Not class by class: halves that have each class alike are nearer to each other than chance has it.
      let order = RandomSource(seed: seed, purpose: .shuffling).permutation(images.count)
      teaching = images.subset(order[(order.count / 2)...].sorted())
      (originals, isHalved) = (images, true)
      test = images.subset(Array(order[..<(order.count / 2)])).evenly(Self.mostTest)
      return
    }
    var likewise = loader
    likewise.channels = images.shape.channels
    likewise.levels = images.shape.levels
    teaching = try likewise.load(training)
    (originals, isHalved) = (teaching, false)
    guard teaching.shape == images.shape else {
      throw TaskError(Self.unlike(training, teaching.shape, dataset, images.shape))
    }
    for (path, count) in [(dataset, images.count), (training, teaching.count)]
    where count < Self.fewest {
      throw TaskError(
        "\(path): has \(Self.number(count)); distances of sets need \(Self.fewest) at least")
    }
    test = images.relabelled(for: teaching.classes).shuffled(seed: seed).evenly(Self.mostTest)
  }

  /// Reads a directory of generated images, in a random order, with the classes of the real ones.
  ///
  /// - Parameter most: images that are kept at most, evenly spread; nil: as many as are compared with at most.
  public func generated(
    _ path: String, most: Int?, loader: DatasetLoader, seed: UInt64
  ) throws -> ImageDataset {
    var likewise = loader
    likewise.channels = shape.channels
    likewise.levels = shape.levels
    let made = try likewise.load(GeneratedImages.listing(path, asksLabels: false), path: path)
    guard made.shape == shape else {
      throw TaskError(Self.unlike(path, made.shape, "the real images", shape))
    }
    let kept = made.relabelled(for: classes).shuffled(seed: seed).evenly(most ?? Self.mostTest)
    try Self.check(kept.count, path)
    return kept
  }

  /// Refuses what is too little to be compared.
  static func check(_ count: Int, _ what: String) throws {
    guard count >= fewest else {
      throw TaskError("\(what): \(number(count)); distances of sets need \(fewest) at least")
    }
  }

  private static func number(_ count: Int) -> String { "\(count) image\(count == 1 ? "" : "s")" }

  private static func unlike(
    _ path: String, _ shape: ImageShape, _ other: String, _ expected: ImageShape
  ) -> String {
    "\(path): its images are \(shape.width)x\(shape.height), those of \(other) "
      + "\(expected.width)x\(expected.height); --size WxH brings them to one size"
  }
}

extension ImageDataset {
  /// The same images in an order that the seed decides.
  fileprivate func shuffled(seed: UInt64) -> ImageDataset {
    subset(RandomSource(seed: seed, purpose: .shuffling).permutation(count))
  }
}
