import Files
package import Images
public import Models
import Tensors

/// Reads image directories: lists, decodes on all threads, and brings every image to one shape.
public struct DatasetLoader: Sendable {
  /// Width and height that every image is resampled to; nil: all must have one size.
  public var size: (width: Int, height: Int)?
  /// 1 (grey) or 3 (RGB); nil: RGB if any pixel of any image is in colour, however it is stored.
  public var channels: Int?
  /// Levels a channel; nil: 2 where every sample of every image is 0 or 255, however it is stored, else 256.
  public var levels: Int?
  /// How pixels become one of two levels; nil: as `levels` says.
  public var binarization: Binarization?
  /// Decides the pixels that are drawn wherever nothing is learnt of them.
  public var drawingSeed: UInt64 = 0
  /// Where labels come from, and how many count.
  public var labels = LabelSource()
  /// A directory of more images, which have no label wherever they lie; nil: none.
  public var unlabelled: String?
  /// Whether the first bad image ends the reading.
  public var isStrict = false
  /// Whether what is read is a block of a larger listing: no usable image is no error then, where a model's shape is asked
  /// for, and no image of a class is nothing to tell of.
  package var isBlock = false
  /// Called for each bad image that is skipped.
  public var warn: @Sendable (String) -> Void = { _ in }
  /// Called for what the user should know of the whole.
  public var remark: @Sendable (String) -> Void = { _ in }

  /// The size that a model asks for; nil where the images decide.
  var expected: ReadImage.Size?

  /// A loader that takes the shape from the images.
  public init() {}

  /// A loader that brings images to a model's shape, without resampling.
  public init(shape: ImageShape) {
    expected = ReadImage.Size(width: shape.width, height: shape.height)
    channels = shape.channels
    levels = shape.levels
  }

  /// Every usable image below a directory.
  public func load(_ path: String) throws -> ImageDataset {
    try load(ImageFolder(path: path), path: path)
  }

  /// Every usable image of a listing; messages name the directory by `path`.
  package func load(_ listing: ImageFolder, path: String) throws -> ImageDataset {
    let folder = try labels.apply(to: listing)
    var problems = folder.problems.map(\.description)
    let decoded = decode(folder)
    var kept: [(entry: ImageFolder.Entry, image: ReadImage)] = []
    kept.reserveCapacity(decoded.count)
    for (entry, result) in zip(folder.entries, decoded) {
      switch result {
      case .success(let image): kept.append((entry, image))
      case .failure(let error) where error.isFailureOfTheRun: throw error
      case .failure(let error): problems.append(error.description)
      }
    }
    if isStrict, let first = problems.first { throw DatasetError("\(first) (--strict)") }
    problems.forEach(warn)
    if kept.isEmpty, isBlock, let expected, let channels, let levels {
      let shape = ImageShape(
        height: expected.height, width: expected.width, channels: channels, levels: levels)
      return pack([], shape, classes: folder.classes, problems: problems)
    }
    guard let first = kept.first else {
      throw DatasetError("\(path): none of its \(folder.entries.count) images can be read")
    }
    if size == nil, let expected, first.image.storedSize != expected {
      throw DatasetError(
        "\(path): \(first.entry.relativePath) has \(first.image.storedSize) pixels, but the model is one of "
          + "\(expected) images")
    }
    for (entry, image) in kept where image.pixels == nil {
      throw DatasetError(
        "\(path): images differ in size: \(first.entry.relativePath) has "
          + "\(first.image.storedSize), \(entry.relativePath) has \(image.storedSize); --size WxH "
          + "brings them to one size")
    }
    let target = size ?? (first.image.storedSize.width, first.image.storedSize.height)
    let shape = ImageShape(
      height: target.height, width: target.width,
      channels: channels ?? (kept.contains { !$0.image.isGrey } ? 3 : 1),
      levels: binarization != nil ? 2 : levels ?? (kept.allSatisfy(\.image.isTwoValued) ? 2 : 256))
    DoubtfulImages(kept.map { ($0.entry.relativePath, $0.image) }).warnings(
      choosesChannels: channels == nil, choosesLevels: levels == nil && binarization == nil
    ).forEach(remark)
    DoubtfulImages.warning(ofClasses: folder.classes, in: path).map(remark)
    let (images, empty) = pack(kept, shape, classes: folder.classes, problems: problems)
      .withoutEmptyClasses()
    if !empty.isEmpty, !isBlock {
      let (names, isOne) = (NameList.text(empty.map { "'\($0)'" }), empty.count == 1)
      remark(
        "\(path): no image of the class\(isOne ? "" : "es") \(names) can be read; "
          + "\(isOne ? "it is" : "they are") left out")
    }
    let chosen = try labels.choose(from: images, path)
    return try unlabelled.map { try joined(chosen, withUnlabelled: $0) } ?? chosen
  }

  /// Every image, brought to the target size as it is read: no thread holds more than one as it is stored.
  ///
  /// Where no size is asked for, the first image that can be read gives it, and of images of another nothing but their size is kept.
  private func decode(_ folder: ImageFolder) -> [Result<ReadImage, ImageError>] {
    @Sendable func read(_ entry: ImageFolder.Entry, _ fit: ReadImage.Fit) -> Result<
      ReadImage, ImageError
    > {
      Result { () throws(ImageError) in
        ReadImage(try ImageFile.read(folder.path(of: entry)), fit)
      }
    }
    var done: [Result<ReadImage, ImageError>] = []
    var fit = size.map { ReadImage.Fit.resampled(width: $0.width, height: $0.height) }
    while fit == nil, done.count < folder.entries.count {
      let first = read(folder.entries[done.count], .asStored)
      // Where a model wants another size, one image is enough to say so.
      if case .success(let image) = first { fit = .only(expected ?? image.storedSize) }
      done.append(first)
    }
    let (rest, chosen) = (folder.entries[done.count...], fit ?? .asStored)
    let block = 64
    let blocks = (rest.count + block - 1) / block
    return done
      + ThreadPool.map(blocks) { number in
        rest.dropFirst(number * block).prefix(block).map { read($0, chosen) }
      }.flatMap { $0 }
  }

  private func pack(
    _ kept: [(entry: ImageFolder.Entry, image: ReadImage)], _ shape: ImageShape, classes: [String],
    problems: [String]
  ) -> ImageDataset {
    var levels: [UInt8] = []
    levels.reserveCapacity(kept.count * shape.dimensionCount)
    let isDrawn = binarization == .dynamic
    let stored = isDrawn ? shape.with(levels: 256) : shape
    for case (_, let image) in kept {
      guard let pixels = image.pixels else { preconditionFailure("an image without pixels") }
      levels.append(contentsOf: PixelLevels.levels(of: pixels, shape: stored))
    }
    return ImageDataset(
      shape: shape, classes: classes, labels: kept.map(\.entry.label),
      paths: kept.map(\.entry.relativePath), levels: levels,
      drawingSeed: isDrawn ? drawingSeed : nil, problems: problems)
  }
}
