extension ImageDataset {
  /// Other images of the same shape and classes.
  ///
  /// - Parameter levels: of each image `shape.dimensionCount` levels, row by row, channels innermost.
  package func alike(levels: [[Float]], labels: [Int?], paths: [String]) -> ImageDataset {
    ImageDataset(
      shape: shape, classes: classes, labels: labels, paths: paths,
      levels: levels.flatMap { $0.map { UInt8($0) } }, drawingSeed: drawingSeed)
  }

  /// These images and, after them, those of another data set of the same shape and classes.
  package func joined(with other: ImageDataset) -> ImageDataset {
    precondition(
      shape == other.shape && classes == other.classes && drawingSeed == other.drawingSeed,
      "unlike images to join")
    return ImageDataset(
      shape: shape, classes: classes, labels: labels + other.labels, paths: paths + other.paths,
      levels: levels + other.levels, drawingSeed: drawingSeed, problems: problems + other.problems)
  }
}
