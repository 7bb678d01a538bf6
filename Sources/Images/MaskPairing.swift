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

  /// How many files of the folder serve as masks, and are therefore no images.
  public let masksAmongImages: Int

  /// One line that says so.
  public var masksAmongImagesNote: String {
    "\(folder.root): \(masksAmongImages) of its files serve as masks and are no images"
  }

  /// The images.
  public let folder: ImageFolder

  /// Where the masks come from.
  public let source: MaskSource

  /// Which side of grey means missing in mask files.
  public let polarity: Mask.Polarity
  private let shared: DrawnMask?
  /// The digest of the one mask for all; that of no bytes where there is no such.
  package let sharedDigest: String

  /// Pairs the images of a folder with masks.
  ///
  /// Images that serve as masks, since both stand in one folder or in one below the other, are none.
  ///
  /// - Throws: ``ImageFolderError`` when the directory of masks cannot be listed, ``ImageError``
  ///   when the one mask for all cannot be read, ``MaskError`` when there is no image but masks.
  public init(
    _ folder: ImageFolder, with source: MaskSource, missing polarity: Mask.Polarity = .white,
    limits: ImageLimits = .standard
  ) throws {
    self.source = source
    self.polarity = polarity
    let all = folder.entries.count
    var folder = folder
    var pairs: [Pair] = []
    var errors: [MaskError] = []
    var unused: [String] = []
    var shared: DrawnMask?
    var sharedBytes: [UInt8] = []
    switch source {
    case .alpha, .region:
      pairs = folder.entries.map { Pair(entry: $0, maskPath: nil) }
    case .file(let path):
      sharedBytes = try ImageFile.bytes(of: path, limits: limits)
      shared = DrawnMask(
        try ImageDecoder(limits: limits).decode(sharedBytes, path: path), missing: polarity)
      folder = try MasksAmongImages(folder, path).images()
      pairs = folder.entries.map { Pair(entry: $0, maskPath: path) }
    case .directory(let path, let suffix):
      let masks = try ImageFolder(path: path)
      let mixture = MasksAmongImages(folder, masks, suffix: suffix)
      folder = try mixture.images()
      var byStem = Dictionary(grouping: masks.entries) {
        ExactText(FileSystem.withoutExtension($0.relativePath))
      }
      var served: Set<ExactText> = []
      for entry in folder.entries {
        let stem = FileSystem.withoutExtension(entry.relativePath) + suffix
        let image = folder.path(of: entry)
        let found = byStem[stem] ?? []
        served.insert(ExactText(stem))
        switch found.count {
        case 0:
          errors.append(.missingMask(image: image, expected: FileSystem.join(path, stem)))
        case 1: pairs.append(Pair(entry: entry, maskPath: masks.path(of: found[0])))
        default:
          errors.append(.ambiguousMask(image: image, masks: found.map { masks.path(of: $0) }))
        }
      }
      for stem in served { byStem[stem] = nil }
      unused = byStem.values.joined().map { masks.path(of: $0) }
        .filter { !mixture.isImage(mask: $0) }.sorted(by: precedesInBytes)
    }
    self.folder = folder
    masksAmongImages = all - folder.entries.count
    self.pairs = pairs
    self.errors = errors
    self.shared = shared
    sharedDigest = SHA256.hexadecimal(of: sharedBytes)
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
    try drawnMask(
      of: pair, image: image, bytes: maskBytes(of: pair, limits: limits), limits: limits
    ).mask
  }

  /// The bytes of the file that is one image's mask; none where there is no such file, or one for
  /// all.
  package func maskBytes(
    of pair: Pair, limits: ImageLimits = .standard
  ) throws(ImageError) -> [UInt8] {
    guard shared == nil, let path = pair.maskPath else { return [] }
    return try ImageFile.bytes(of: path, limits: limits)
  }

  /// The same as ``mask(of:image:limits:)`` from what `maskBytes` gave, with how it is drawn.
  package func drawnMask(
    of pair: Pair, image: Image, bytes: [UInt8], limits: ImageLimits = .standard
  ) throws -> DrawnMask {
    let imagePath = folder.path(of: pair.entry)
    if let maskPath = pair.maskPath {
      let drawn =
        try shared
        ?? DrawnMask(
          ImageDecoder(limits: limits).decode(bytes, path: maskPath), missing: polarity)
      try drawn.mask.check(fits: image, maskPath: maskPath, imagePath: imagePath)
      return drawn
    }
    if case .region(let region) = source {
      do {
        return DrawnMask(try Mask(width: image.width, height: image.height, region: region))
      } catch {
        throw MaskError.region(image: imagePath, error)
      }
    }
    guard let mask = Mask(alphaOf: image) else { throw MaskError.withoutAlpha(image: imagePath) }
    return DrawnMask(mask)
  }
}
