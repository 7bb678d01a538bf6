import Files

/// The images below a directory, in the byte order of their relative paths, labelled by their first
/// folder.
///
///     DATASET/cat/1.png          labelled "cat"
///     DATASET/cat/more/2.jpg     labelled "cat"
///     DATASET/_unlabelled/3.png  unlabelled
///     DATASET/4.png              unlabelled
///
/// Files count by their extension (``endings``, in any case); hidden files and folders do not, and
/// files with the extensions of other kinds of images are a problem. Symbolic links are followed. A
/// directory that can be reached in several ways is listed once, by its real place where that is
/// inside, so that loops end. Only names are read here, never images.
public struct ImageFolder: Sendable {
  /// One image file.
  public struct Entry: Equatable, Sendable {
    /// The path below the root, with `/` between components.
    public let relativePath: String

    /// The index of its class in ``ImageFolder/classes``, or `nil` when unlabelled.
    public let label: Int?

    /// An entry of this path and label.
    public init(relativePath: String, label: Int?) {
      self.relativePath = relativePath
      self.label = label
    }
  }

  /// What names of images end with, in any case.
  public static let endings: [StaticString] = [
    ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".jfi", ".jif", ".pjpeg", ".pjp",
  ]

  /// The name of a folder whose images have no label although other folders are classes.
  public static let unlabelledName = "_unlabelled"

  /// The directory; for a single file, the directory it stands in.
  public let root: String

  /// The names of the classes in byte order; empty for unlabelled images.
  public let classes: [String]

  /// The images in byte order of their relative paths, at least one.
  public let entries: [Entry]

  /// What looked like input and cannot be read: directories without permission, broken links,
  /// names that are not UTF-8, images of other kinds.
  ///
  /// To be reported, counted and skipped like bad images.
  public let problems: [ImageError]

  /// Lists a directory, or takes a single image file, whatever its extension.
  ///
  /// - Throws: ``ImageFolderError`` when there is nothing at the path, or no image in it.
  public init(path: String) throws(ImageFolderError) {
    guard let status = SystemCalls.status(ofPath: path) else {
      throw ImageFolderError(path: path, reason: .missing(SystemCalls.lastError()))
    }
    guard SystemCalls.isDirectory(status) else {
      guard SystemCalls.isRegularFile(status) else {
        throw ImageFolderError(
          path: path, reason: SystemCalls.isPipe(status) ? .pipe : .notADirectory)
      }
      root = FileSystem.directory(of: path)
      classes = []
      entries = [Entry(relativePath: FileSystem.lastComponent(of: path), label: nil)]
      problems = []
      return
    }
    let listing = DirectoryListing(
      root: path, endings: Self.endings, kindred: OtherKinds.endings)
    var unreadable = listing.problems.map(ImageError.init)
    if let failure = unreadable.first(where: \.isFailureOfTheRun) {
      throw ImageFolderError(path: failure.path, reason: .unreadable(failure.explanation))
    }
    let others = OtherKinds(listing)
    if listing.files.isEmpty {
      // When the directory itself cannot be opened, its own problem says more than "no images".
      if let problem = unreadable.first(where: { $0.path == path }) {
        throw ImageFolderError(path: path, reason: .unreadable(problem.explanation))
      }
      throw ImageFolderError(path: path, reason: others.map { .otherKinds($0.text) } ?? .noImages)
    }
    if let others {
      unreadable.append(ImageError(path: path, reason: .otherKinds(others.remark)))
    }
    root = path
    problems = unreadable
    (classes, entries) = Self.label(listing.files)
  }

  init(root: String, classes: [String], entries: [Entry], problems: [ImageError]) {
    self.root = root
    self.classes = classes
    self.entries = entries
    self.problems = problems
  }

  /// Whether any image has a label.
  public var isLabelled: Bool { !classes.isEmpty }

  /// The path of an entry's file.
  public func path(of entry: Entry) -> String { FileSystem.join(root, entry.relativePath) }

  /// The name of an entry's class, or `nil` when unlabelled.
  public func className(of entry: Entry) -> String? { entry.label.map { classes[$0] } }

  /// Turns relative paths, sorted here, into entries.
  private static func label(_ files: [String]) -> (classes: [String], entries: [Entry]) {
    let sorted = files.sorted(by: precedesInBytes)
    var classes: [String] = []
    var entries: [Entry] = []
    entries.reserveCapacity(sorted.count)
    // Paths of one folder are neighbours in this order, and folders come in byte order of "name/".
    // That is not the byte order of "name" where one name begins another, so labels are put right
    // at the end.
    for path in sorted {
      guard let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")) else {
        entries.append(Entry(relativePath: path, label: nil))
        continue
      }
      let folder = path[..<slash]
      if folder == unlabelledName {
        entries.append(Entry(relativePath: path, label: nil))
        continue
      }
      let isNew = classes.last.map { !$0.utf8.elementsEqual(folder.utf8) } ?? true
      if isNew { classes.append(String(folder)) }
      entries.append(Entry(relativePath: path, label: classes.count - 1))
    }
    let ranked = classes.indices.sorted { precedesInBytes(classes[$0], classes[$1]) }
    if ranked.elementsEqual(classes.indices) { return (classes, entries) }
    var rank = [Int](repeating: 0, count: classes.count)
    for (position, index) in ranked.enumerated() { rank[index] = position }
    let relabelled = entries.map { entry in
      Entry(relativePath: entry.relativePath, label: entry.label.map { rank[$0] })
    }
    return (ranked.map { classes[$0] }, relabelled)
  }
}
