import Files

/// Where the masks of a set of images come from.
public enum MaskSource: Equatable, Hashable, Sendable {
  /// Files below a directory, paired by relative path without extension, plus the suffix: with the
  /// suffix `-mask`, `cat/1.jpg` pairs with `cat/1-mask.png`.
  case directory(String, suffix: String = "")
  /// One file for all images.
  case file(String)
  /// The images' own alpha channels.
  case alpha
  /// The same region of every image.
  case region(Region)

  /// A directory or one file, whichever the path leads to.
  ///
  /// - Throws: ``ImageFolderError`` when there is nothing at the path.
  public init(path: String, suffix: String = "") throws(ImageFolderError) {
    if FileSystem.isDirectory(path) {
      self = .directory(path, suffix: suffix)
    } else if FileSystem.exists(path) {
      self = .file(path)
    } else {
      throw ImageFolderError(path: path, reason: .missing(SystemCalls.lastError()))
    }
  }
}

/// Masks paired with images by name; files are read one by one later.
public struct MaskPairing: Sendable {
  /// An image and where its mask comes from.
  public struct Pair: Equatable, Sendable {
    /// The image.
    public let entry: ImageFolder.Entry

    /// The mask's file, or `nil` when the mask comes from the image or from a region.
    public let maskPath: String?
  }

  /// The images that have a mask, in their folder's order.
  public let pairs: [Pair]

  /// The images that have none, each with the reason, in their folder's order.
  public let errors: [MaskError]

  /// Files in the directory of masks that pair with no image.
  public let unusedMasks: [String]

  /// The images.
  public let folder: ImageFolder

  /// Where the masks come from.
  public let source: MaskSource

  private let polarity: Mask.Polarity
  private let shared: Mask?

  /// Pairs the images of a folder with masks.
  ///
  /// - Throws: ``ImageFolderError`` when the directory of masks cannot be listed, ``ImageError``
  ///   when the one mask for all cannot be read.
  public init(
    _ folder: ImageFolder, with source: MaskSource, missing polarity: Mask.Polarity = .white,
    limits: ImageLimits = .standard
  ) throws {
    self.folder = folder
    self.source = source
    self.polarity = polarity
    var pairs: [Pair] = []
    var errors: [MaskError] = []
    var unused: [String] = []
    var shared: Mask?
    switch source {
    case .alpha, .region:
      pairs = folder.entries.map { Pair(entry: $0, maskPath: nil) }
    case .file(let path):
      shared = Mask(try ImageFile.read(path, limits: limits), missing: polarity)
      pairs = folder.entries.map { Pair(entry: $0, maskPath: path) }
    case .directory(let path, let suffix):
      let masks = try ImageFolder(path: path)
      var byStem = Dictionary(grouping: masks.entries) {
        FileSystem.withoutExtension($0.relativePath)
      }
      var served: Set<String> = []
      for entry in folder.entries {
        let stem = FileSystem.withoutExtension(entry.relativePath) + suffix
        let image = folder.path(of: entry)
        let found = byStem[stem] ?? []
        served.insert(stem)
        switch found.count {
        case 0:
          errors.append(.missingMask(image: image, expected: FileSystem.join(path, stem)))
        case 1: pairs.append(Pair(entry: entry, maskPath: masks.path(of: found[0])))
        default:
          errors.append(.ambiguousMask(image: image, masks: found.map { masks.path(of: $0) }))
        }
      }
      for stem in served { byStem[stem] = nil }
      unused = byStem.values.joined().map { masks.path(of: $0) }.sorted(by: precedesInBytes)
    }
    self.pairs = pairs
    self.errors = errors
    self.shared = shared
    unusedMasks = unused
  }

  /// The mask of one pair's image.
  ///
  /// - Parameters:
  ///   - pair: one of ``pairs``.
  ///   - image: the image of that pair, decoded, its alpha not yet removed.
  /// - Throws: ``MaskError`` when the mask does not fit the image, ``ImageError`` when its file
  ///   cannot be read.
  public func mask(
    of pair: Pair, image: Image, limits: ImageLimits = .standard
  ) throws -> Mask {
    let imagePath = folder.path(of: pair.entry)
    if let maskPath = pair.maskPath {
      let mask =
        try shared ?? Mask(ImageFile.read(maskPath, limits: limits), missing: polarity)
      try mask.check(fits: image, maskPath: maskPath, imagePath: imagePath)
      return mask
    }
    if case .region(let region) = source {
      do {
        return try Mask(width: image.width, height: image.height, region: region)
      } catch {
        throw MaskError.region(image: imagePath, error)
      }
    }
    guard let mask = Mask(alphaOf: image) else { throw MaskError.withoutAlpha(image: imagePath) }
    return mask
  }
}
