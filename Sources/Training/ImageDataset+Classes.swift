extension ImageDataset {
  /// The same images with the classes of a model, matched by name.
  ///
  /// Images of a class that the model lacks, or of none, have no label. A model without classes
  /// gets unlabelled images.
  public func relabelled(for classes: [String]) -> ImageDataset {
    var places: [String: Int] = [:]
    for (place, name) in classes.enumerated() { places[name] = place }
    return ImageDataset(
      shape: shape, classes: classes,
      labels: labels.map { label in label.flatMap { places[self.classes[$0]] } }, paths: paths,
      levels: levels, problems: problems)
  }
}
