import Images

/// Where the labels of images come from, and how many of them count.
public struct LabelSource: Sendable, Equatable {
  /// A table, `filename,label`, whose labels count in place of class folders; nil: folders count.
  public var file: String?
  /// Labels kept of each class, all others forgotten; nil: all labels count.
  public var perClass: Int?
  /// Decides which labels are kept.
  public var seed: UInt64 = 0

  /// All labels of class folders.
  public init() {}

  /// The listing with the labels of the table, where there is one.
  func apply(to folder: ImageFolder) throws -> ImageFolder {
    guard let file else { return folder }
    return try folder.labelled(by: LabelFile(path: file))
  }

  /// The images with those labels that are kept.
  func choose(from images: ImageDataset, _ path: String) throws -> ImageDataset {
    guard let perClass else { return images }
    guard images.labelledCount > 0 else {
      throw DatasetError(
        "\(path): has no labels of which some could be kept; put its images into folders named by "
          + "class, or name their classes in a table (--labels FILE.csv)")
    }
    return images.keepingLabels(perClass: perClass, seed: seed)
  }
}
