import Files
import Images
import Models

extension DatasetLoader {
  /// The images and, after them, those of another directory, without labels, brought to the same shape.
  func joined(_ images: ImageDataset, withUnlabelled path: String) throws -> ImageDataset {
    var loader = self
    loader.unlabelled = nil
    loader.labels = LabelSource()
    loader.expected = nil
    loader.size = (images.shape.width, images.shape.height)
    loader.channels = images.shape.channels
    loader.levels = images.shape.levels
    let others = try loader.load(path)
    return images.joined(
      with: ImageDataset(
        shape: images.shape, classes: images.classes,
        labels: [Int?](repeating: nil, count: others.count),
        paths: others.paths.map { FileSystem.join(ImageFolder.unlabelledName, $0) },
        levels: others.levels, drawingSeed: images.drawingSeed, problems: others.problems))
  }
}
