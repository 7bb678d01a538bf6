import Files

extension ImageDataset {
  /// The same images with those classes alone of which there is an image, and the names of the others.
  func withoutEmptyClasses() -> (images: ImageDataset, empty: [String]) {
    let counted = zip(classes, classCounts)
    let empty = counted.filter { $1 == 0 }.map(\.0)
    return (empty.isEmpty ? self : relabelled(for: counted.filter { $1 > 0 }.map(\.0)), empty)
  }

  /// The same images with the classes of a model, matched by name.
  ///
  /// Images of a class that the model lacks, or of none, have no label. A model without classes
  /// gets unlabelled images.
  public func relabelled(for classes: [String]) -> ImageDataset {
    let places = ExactText.places(of: classes)
    return ImageDataset(
      shape: shape, classes: classes,
      labels: labels.map { label in label.flatMap { places[self.classes[$0]] } }, paths: paths,
      levels: levels, drawingSeed: drawingSeed, problems: problems)
  }
}
