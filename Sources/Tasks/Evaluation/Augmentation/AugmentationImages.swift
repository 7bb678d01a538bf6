import Files
import Models
public import Training

/// Real, generated and test images that go together: one shape, one list of classes.
public struct AugmentationImages: Sendable {
  /// The names of the classes, in byte order.
  public var classes: [String] { pool.classes }
  /// Classes without a generated image.
  public let missing: [String]
  /// Images without a class, which are left out: of the real ones and of the test images.
  public let unlabelled: (real: Int, test: Int)

  /// The real images and, after them, the generated ones.
  let pool: ImageDataset
  /// The real images, the first of the pool.
  let real: ImageDataset
  /// The images that judge, all of them labelled.
  let test: ImageDataset

  /// Reads three directories; the first decides shape and classes.
  ///
  /// - Parameter loader: brings the real images to their shape, and the others to the same.
  /// - Throws: `TaskError` where they do not go together, and what reading throws.
  public init(
    training: String, test: String, generated: String, loader: DatasetLoader
  ) throws {
    let real = try loader.load(training)
    guard real.classes.count > 1 else {
      throw TaskError(
        "\(training): has \(real.classes.count) classes; a classifier needs two or more class folders"
      )
    }
    var likewise = loader
    likewise.channels = real.shape.channels
    likewise.levels = real.shape.levels
    let made = try Self.fit(
      likewise.load(GeneratedImages.listing(generated), path: generated), generated, real, training)
    let judges = try Self.fit(likewise.load(test), test, real, training)
    guard judges.labelledCount > 0 else {
      throw TaskError("\(test): no image has a label; put its images into folders named by class")
    }
    unlabelled = (real.count - real.labelledCount, judges.count - judges.labelledCount)
    missing = real.classes.indices.filter { !made.labels.contains($0) }.map { real.classes[$0] }
    self.real = real
    pool = real.joined(with: made)
    self.test = judges.subset(judges.labelledPlaces)
  }

  /// The images with the classes of the real ones, where size and classes agree.
  private static func fit(
    _ images: ImageDataset, _ path: String, _ real: ImageDataset, _ training: String
  ) throws -> ImageDataset {
    guard images.shape == real.shape else {
      throw TaskError(
        "\(path): its images are \(images.shape.width)x\(images.shape.height), those of \(training) "
          + "\(real.shape.width)x\(real.shape.height); --size WxH brings them to one size")
    }
    let known = Set(real.classes.map(ExactText.init))
    for (label, name) in images.classes.enumerated()
    where !known.contains(name) && images.labels.contains(label) {
      throw TaskError(
        "\(path): its class '\(name)' is no class of \(training), which has "
          + real.classes.joined(separator: ", ") + ExactText.hint(name, among: real.classes)
          + "; class folders must have the same names")
    }
    return images.relabelled(for: real.classes)
  }
}
