import Files
import Platform
import Training

/// The originals of a plan's classes, to stand beside the new images.
struct OriginalFiles {
  private let kind: AugmentationOptions.Originals
  private let root: String
  private var paths: [String]

  /// The originals that are to be copied or linked.
  ///
  /// - Throws: `TaskError` where one has the name of an image that is to be drawn.
  init(
    _ plan: AugmentationPlan, _ dataset: ImageDataset, path: String,
    _ kind: AugmentationOptions.Originals
  ) throws {
    self.kind = kind
    root = FileSystem.isDirectory(path) ? path : FileSystem.directory(of: path)
    guard kind != .none else {
      paths = []
      return
    }
    let places = Set(plan.classes.map(\.place))
    paths = dataset.paths.indices.filter { index in
      dataset.classes.isEmpty || dataset.labels[index].map(places.contains) ?? false
    }.map { dataset.paths[$0] }
    let drawn = Set(
      plan.classes.flatMap { group in
        group.count > 0 ? (1...group.count).map { group.file($0) } : []
      })
    if let taken = paths.first(where: drawn.contains) {
      throw TaskError(
        "\(FileSystem.join(path, taken)): has the name of an image that is to be drawn; rename it, "
          + "or leave the originals where they are (--originals none)")
    }
  }

  /// The same without files that cannot stand in a directory; these are reported, all at once.
  func fitting(_ directory: OutputDirectory, _ reporter: TaskReporter) throws -> OriginalFiles {
    var files = self
    files.paths = paths.filter { directory.obstacle(to: $0) == nil }
    let lost = paths.count - files.paths.count
    if lost > 0, let reason = paths.lazy.compactMap(directory.obstacle(to:)).first {
      try reporter.skip("\(lost) of \(paths.count) originals are not placed: \(reason)")
    }
    return files
  }

  /// The files that are placed.
  var count: Int { paths.count }

  /// Copies or links the files; what stands there already is replaced.
  func place(in directory: OutputDirectory) throws {
    for path in paths {
      let (from, to) = (FileSystem.join(root, path), try directory.place(for: path))
      try FileSystem.removeFile(to)
      switch kind {
      case .none: break
      case .copy: try AtomicFile.write(FileSystem.readBytes(from), to: to)
      case .link:
        guard let real = realpath(from, nil) else {
          throw FileError(path: from, action: .open, code: errno)
        }
        defer { free(real) }
        guard symlink(real, to) == 0 else {
          throw FileError(path: to, action: .createFile, code: errno)
        }
      }
    }
  }
}
