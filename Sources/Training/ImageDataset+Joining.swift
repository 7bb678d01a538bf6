extension ImageDataset {
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
