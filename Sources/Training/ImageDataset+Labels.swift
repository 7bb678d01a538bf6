import Tensors

extension ImageDataset {
  /// The places of the images that have a label.
  package var labelledPlaces: [Int] { labels.indices.filter { labels[$0] != nil } }

  /// The places of those that have none.
  package var unlabelledPlaces: [Int] { labels.indices.filter { labels[$0] == nil } }

  /// The number of images that have a label.
  public var labelledCount: Int { labels.count { $0 != nil } }

  /// How many images have each label, in the order of the classes.
  public var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for case let label? in labels { counts[label] += 1 }
    return counts
  }

  /// Whether some images have a label and others have none.
  public var isPartlyLabelled: Bool { labelledCount > 0 && labelledCount < count }

  /// The same images, of which so many of each class keep their labels.
  ///
  /// A seeded shuffle of each class decides which: its first labels are kept, so that the choice of
  /// 20 holds the choice of 10. A class with fewer labels keeps them all.
  public func keepingLabels(perClass count: Int, seed: UInt64) -> ImageDataset {
    var kept = [Int?](repeating: nil, count: labels.count)
    for label in classes.indices {
      let images = labels.indices.filter { labels[$0] == label }
      let random = RandomSource(seed: seed, purpose: .labelChoice).at(label)
      for place in random.permutation(images.count).prefix(count) { kept[images[place]] = label }
    }
    return ImageDataset(
      shape: shape, classes: classes, labels: kept, paths: paths, levels: levels,
      drawingSeed: drawingSeed, problems: problems)
  }
}
