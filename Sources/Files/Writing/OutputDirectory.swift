import Platform

/// A directory that a run writes into.
public struct OutputDirectory: Sendable {
  /// What to do where there is something already.
  public enum Policy: Sendable {
    /// An existing directory must be empty.
    case refuse
    /// Files of an earlier run are replaced.
    case overwrite
    /// What an earlier run did is kept.
    case resume
  }

  /// The directory.
  public let path: String
  /// What to do where there is something already.
  public let policy: Policy

  /// Checks and makes the directory.
  ///
  /// - Parameter sources: directories that the run reads: writing into one of them could replace
  ///   what it reads, or add to it.
  /// - Throws: `OutputError` where the directory has contents that must not be touched, `FileError`
  ///   where it cannot be made.
  public init(path: String, policy: Policy, sources: [String]) throws {
    self.path = path
    self.policy = policy
    if FileSystem.exists(path), !FileSystem.isDirectory(path) {
      throw OutputError("\(path): is no directory; give --output another name")
    }
    var existing = path
    while !FileSystem.exists(existing) { existing = FileSystem.directory(of: existing) }
    if let source = sources.first(where: { PathRelation.isSameOrInside(existing, $0) }) {
      throw OutputError("\(path): is \(source) or inside of it, which is read; write elsewhere")
    }
    try FileSystem.createDirectory(path)
    if policy == .refuse, !isEmpty {
      throw OutputError(
        "\(path): exists and is not empty; --overwrite replaces its files, --resume goes on")
    }
  }

  /// The path of a file in it.
  public func file(_ relativePath: String) -> String { FileSystem.join(path, relativePath) }

  /// Makes the folders that a file in it needs.
  public func makeFolder(for relativePath: String) throws(FileError) {
    try FileSystem.createDirectory(FileSystem.directory(of: file(relativePath)))
  }

  /// Whether nothing stands in it.
  public var isEmpty: Bool {
    guard let directory = opendir(path) else { return true }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { return false }
    }
    return true
  }
}
