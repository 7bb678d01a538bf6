package import Images
public import Models
import Tensors

/// Reads image directories: lists, decodes on all threads, and brings every image to one shape.
public struct DatasetLoader: Sendable {
  /// Width and height that every image is resampled to; nil: all must have one size.
  public var size: (width: Int, height: Int)?
  /// 1 (grey) or 3 (RGB); nil: RGB if any image is in colour.
  public var channels: Int?
  /// Levels a channel; nil: 2 where every image has one bit a sample, else 256.
  public var levels: Int?
  /// Where labels come from, and how many count.
  public var labels = LabelSource()
  /// Whether the first bad image ends the reading.
  public var isStrict = false
  /// Called for each bad image that is skipped.
  public var warn: @Sendable (String) -> Void = { _ in }

  /// A loader that takes the shape from the images.
  public init() {}

  /// A loader that brings images to a model's shape, without resampling.
  public init(shape: ImageShape) {
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
    var kept: [(entry: ImageFolder.Entry, image: Image)] = []
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
    guard let first = kept.first else {
      throw DatasetError("\(path): none of its \(folder.entries.count) images can be read")
    }
    let target = size ?? (first.image.width, first.image.height)
    if size == nil {
      for (entry, image) in kept where (image.width, image.height) != target {
        throw DatasetError(
          "\(path): images differ in size: \(first.entry.relativePath) has "
            + "\(first.image.width)x\(first.image.height), \(entry.relativePath) has "
            + "\(image.width)x\(image.height); --size WxH brings them to one size")
      }
    }
    let shape = ImageShape(
      height: target.height, width: target.width,
      channels: channels ?? (kept.contains { $0.image.format.hasColour } ? 3 : 1),
      levels: levels ?? (kept.allSatisfy { $0.image.bitDepth == 1 } ? 2 : 256))
    let images = pack(kept, shape, classes: folder.classes, problems: problems)
    return try labels.choose(from: images, path)
  }

  private func decode(_ folder: ImageFolder) -> [Result<Image, ImageError>] {
    let block = 64
    let blocks = (folder.entries.count + block - 1) / block
    return ThreadPool.map(blocks) { number in
      let range = number * block..<min(folder.entries.count, (number + 1) * block)
      return folder.entries[range].map { entry in
        Result { () throws(ImageError) in try ImageFile.read(folder.path(of: entry)) }
      }
    }.flatMap { $0 }
  }

  private func pack(
    _ kept: [(entry: ImageFolder.Entry, image: Image)], _ shape: ImageShape, classes: [String],
    problems: [String]
  ) -> ImageDataset {
    var levels: [UInt8] = []
    levels.reserveCapacity(kept.count * shape.dimensionCount)
    for (_, image) in kept {
      let fits = image.width == shape.width && image.height == shape.height
      let sized = fits ? image : image.resampled(width: shape.width, height: shape.height)
      levels.append(contentsOf: PixelLevels.levels(of: sized, shape: shape))
    }
    return ImageDataset(
      shape: shape, classes: classes, labels: kept.map(\.entry.label),
      paths: kept.map(\.entry.relativePath), levels: levels, problems: problems)
  }
}
