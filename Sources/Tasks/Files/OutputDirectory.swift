public import Images

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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
  ///   what it reads.
  /// - Throws: `TaskError` where the directory has contents that must not be touched, `FileError`
  ///   where it cannot be made.
  public init(path: String, policy: Policy, sources: [String]) throws {
    self.path = path
    self.policy = policy
    if FileSystem.exists(path), !FileSystem.isDirectory(path) {
      throw TaskError("\(path): is no directory; give --output another name")
    }
    try FileSystem.createDirectory(path)
    let own = Self.identity(path)
    if let source = sources.first(where: { own != nil && Self.identity($0) == own }) {
      throw TaskError("\(path): is \(source) itself; write to another directory")
    }
    if policy == .refuse, !isEmpty {
      throw TaskError(
        "\(path): exists and is not empty; --overwrite replaces its files, --resume goes on")
    }
  }

  /// The path of a file in it.
  public func file(_ relativePath: String) -> String { FileSystem.join(path, relativePath) }

  /// Makes the folders that a file in it needs.
  public func makeFolder(for relativePath: String) throws(FileError) {
    try FileSystem.createDirectory(FileSystem.directory(of: file(relativePath)))
  }

  /// Device and number of a directory, equal for all its names.
  private static func identity(_ path: String) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)]
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
