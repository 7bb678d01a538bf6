import Files

/// Tells which files of a folder of images serve as masks: where both stand in one folder, told apart
/// by a suffix, or where one folder holds the other.
///
/// A file is known by its real folder and its name, and by every link that leads to it. Where links
/// lead on does not make two files one: stores such as git-annex keep equal contents once.
struct MasksAmongImages {
  private let folder: ImageFolder
  private let isMask: [Bool]
  /// The places of images, those of the links that lead there among them.
  private let imagePlaces: Set<ExactText>
  private let masks: String
  private var places = FilePlaces()

  /// Images beside one mask for all.
  init(_ folder: ImageFolder, _ mask: String) {
    var places = FilePlaces()
    let (own, all) = (places.own(mask), Set(places.all(mask).map(ExactText.init)))
    isMask = folder.entries.map { entry in
      let path = folder.path(of: entry)
      return all.contains(places.own(path)) || places.all(path).contains { $0.isExactly(own) }
    }
    self.folder = folder
    masks = mask
    imagePlaces = []
  }

  /// Images beside a folder of masks.
  init(_ folder: ImageFolder, _ masks: ImageFolder, suffix: String) {
    var places = FilePlaces()
    let paths = masks.entries.map { masks.path(of: $0) }
    // What leads to a mask, and what masks lead to.
    var own: [ExactText: Int] = [:]
    var all: [ExactText: Int] = [:]
    for (index, path) in paths.enumerated() {
      own[places.own(path)] = index
      for place in places.all(path) { all[place] = index }
    }
    let stems = folder.entries.map { FileSystem.withoutExtension($0.relativePath) }
    let known = Set(stems.map(ExactText.init))
    let relation = Relation(folder.root, masks.root)
    var imagePlaces: Set<ExactText> = []
    var isMask: [Bool] = []
    for (entry, stem) in zip(folder.entries, stems) {
      let path = folder.path(of: entry)
      let through = places.all(path)
      let index = all[places.own(path)] ?? through.lazy.compactMap { own[$0] }.first
      let serves = index.map { index in
        switch relation {
        case .masksBelow: true
        case .imagesBelow:
          Self.base(of: FileSystem.withoutExtension(masks.entries[index].relativePath), suffix)
            .map { known.contains($0) } ?? false
        case .same: Self.isMask(stem, suffix, among: known)
        }
      }
      isMask.append(serves ?? false)
      if serves != true { imagePlaces.formUnion(through.map(ExactText.init)) }
    }
    self.folder = folder
    self.masks = masks.root
    self.isMask = isMask
    self.imagePlaces = imagePlaces
    self.places = places
  }

  /// The folder without what serves as a mask.
  ///
  /// - Throws: ``MaskError`` where nothing is left.
  func images() throws(MaskError) -> ImageFolder {
    guard isMask.contains(true) else { return folder }
    guard isMask.contains(false) else {
      throw .masksAlone(images: folder.root, count: isMask.count, masks: masks)
    }
    return folder.keeping(zip(folder.entries, isMask).filter { !$0.1 }.map(\.0))
  }

  /// Whether a file among the masks is an image.
  func isImage(mask path: String) -> Bool {
    var places = places
    return imagePlaces.contains(places.own(path))
  }

  /// Whether a file of a folder of both is a mask.
  private static func isMask(_ stem: String, _ suffix: String, among known: Set<ExactText>) -> Bool
  {
    guard !suffix.isEmpty else { return true }
    guard let base = base(of: stem, suffix) else { return false }
    // A mask without an image is one still, unless it is named like an image that has a mask.
    return known.contains(base) || !known.contains(stem + suffix)
  }

  /// The stem of a mask without the suffix; nil where it does not end so.
  private static func base(of stem: String, _ suffix: String) -> String? {
    guard stem.utf8.reversed().starts(with: suffix.utf8.reversed()) else { return nil }
    return String(decoding: stem.utf8.dropLast(suffix.utf8.count), as: UTF8.self)
  }

  /// How the folders lie to each other.
  private enum Relation {
    case same
    case imagesBelow
    /// Or elsewhere, with links from one into the other.
    case masksBelow

    init(_ images: String, _ masks: String) {
      switch (
        PathRelation.isSameOrInside(images, masks), PathRelation.isSameOrInside(masks, images)
      ) {
      case (true, true): self = .same
      case (true, false): self = .imagesBelow
      default: self = .masksBelow
      }
    }
  }
}

/// Places of files, folder by folder, since many files stand in one.
private struct FilePlaces {
  private var folders: [ExactText: String] = [:]

  /// Where a file or link stands itself.
  mutating func own(_ path: String) -> String {
    let folder = FileSystem.directory(of: path)
    let real = folders[folder] ?? PathRelation.real(folder) ?? folder
    folders[folder] = real
    return FileSystem.join(real, FileSystem.lastComponent(of: path))
  }

  /// That place and those of all links on the way to the file.
  mutating func all(_ path: String) -> [String] {
    SystemCalls.target(ofLink: path) == nil ? [own(path)] : PathRelation.places(through: path)
  }
}
