package import Models

extension ImageDataset {
  /// Images that were drawn, and are in no directory.
  ///
  /// - Parameters:
  ///   - levels: `shape.dimensionCount` levels each, one image after another.
  ///   - labels: places among the classes, one an image; nil for one of none.
  package init(drawn levels: [UInt8], labels: [Int?], classes: [String], shape: ImageShape) {
    self.init(
      shape: shape, classes: classes, labels: labels,
      paths: labels.indices.map { "sample \($0 + 1)" }, levels: levels, drawingSeed: nil)
  }

  /// At most so many of the images, evenly spread.
  package func evenly(_ most: Int) -> ImageDataset {
    count <= most ? self : subset((0..<most).map { $0 * count / most })
  }
}
