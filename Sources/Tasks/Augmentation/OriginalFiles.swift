import Files
import Platform
import Training

/// The originals of a plan's classes, to stand beside the new images.
struct OriginalFiles {
  private let kind: AugmentationOptions.Originals
  private let root: String
  private var files: [(path: String, destination: String)]

  /// The originals that are to be copied or linked: to the same paths where these begin with the
  /// folders of their classes, else, where a table gave the labels, into such folders.
  ///
  /// - Throws: `TaskError` where one has the name of an image that is to be written.
  init(
    _ plan: AugmentationPlan, _ portions: [AugmentationPortion], _ dataset: ImageDataset,
    path: String,
    _ kind: AugmentationOptions.Originals
  ) throws {
    self.kind = kind
    root = FileSystem.isDirectory(path) ? path : FileSystem.directory(of: path)
    guard kind != .none else {
      files = []
      return
    }
    let names = Dictionary(
      plan.classes.map { ($0.place, $0.name) }, uniquingKeysWith: { first, _ in first })
    let chosen: [(path: String, folder: String?)] = dataset.paths.indices.compactMap { index in
      if dataset.classes.isEmpty { return (dataset.paths[index], nil) }
      guard let name = dataset.labels[index].flatMap({ names[$0] }) else { return nil }
      return (dataset.paths[index], name)
    }
    let areInFolders = chosen.allSatisfy { path, folder in
      folder.map { path.utf8.starts(with: "\($0)/".utf8) } ?? true
    }
    files = chosen.map { path, folder in
      (path, areInFolders ? path : FileSystem.join(folder ?? "", path))
    }
    let drawn = Set(
      portions.flatMap(\.plan.classes).flatMap { group in
        group.count > 0 ? (1...group.count).map { ExactText(group.file($0)) } : []
      })
    if let taken = files.first(where: { drawn.contains($0.destination) }) {
      throw TaskError(
        "\(FileSystem.join(path, taken.path)): has the name of an image that is to be written; rename "
          + "it, or leave the originals where they are (--originals none)")
    }
  }

  /// The same without files that cannot stand in a directory; these are reported, all at once.
  func fitting(_ directory: OutputDirectory, _ reporter: TaskReporter) throws -> OriginalFiles {
    var fitting = self
    fitting.files = files.filter { directory.obstacle(to: $0.destination) == nil }
    let lost = count - fitting.count
    if lost > 0,
      let reason = files.lazy.compactMap({ directory.obstacle(to: $0.destination) }).first
    {
      try reporter.skip("\(lost) of \(count) originals are not placed: \(reason)")
    }
    return fitting
  }

  /// The files that are placed.
  var count: Int { files.count }

  /// Where they are placed.
  var destinations: [String] { files.map(\.destination) }

  /// Copies or links the files; what stands there already is replaced.
  func place(in directory: OutputDirectory) throws {
    for (path, destination) in files {
      let (from, to) = (FileSystem.join(root, path), try directory.place(for: destination))
      try FileSystem.removeFile(to)
      switch kind {
      case .none: break
      case .copy: try AtomicFile.write(FileSystem.readBytes(from), to: to)
      case .link:
        guard let real = PathRelation.real(from) else {
          throw FileError(path: from, action: .open, code: errno)
        }
        let code = PathText.withBytes(real) { real in PathText.withBytes(to) { symlink(real, $0) } }
        guard code == 0 else {
          throw FileError(path: to, action: .createFile, code: errno)
        }
      }
    }
  }
}
