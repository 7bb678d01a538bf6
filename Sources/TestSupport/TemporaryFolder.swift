public import Files
public import Images
import Platform

/// A directory of a test's own, removed with everything in it when the last reference goes.
///
/// Bind it to a name: as a part of a larger expression it is gone before the expression ends.
public final class TemporaryFolder: Sendable {
  /// Where it is, without symbolic links.
  public let path: String

  /// Creates an empty directory.
  public init() throws(FileError) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array(FileSystem.join(parent, "lacuna-test-XXXXXX").utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer -> String? in
      guard let start = buffer.baseAddress, mkdtemp(start) != nil,
        let real = realpath(start, nil)
      else { return nil }
      defer { free(real) }
      return String(cString: real)
    }
    guard let made else { throw FileError(path: parent, action: .createDirectory, code: errno) }
    path = made
  }

  deinit { remove() }

  /// The path of something in the directory.
  public func path(_ relativePath: String) -> String { FileSystem.join(path, relativePath) }

  /// Writes a file, creating the directories it needs, and returns its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to relativePath: String) throws(FileError) -> String {
    let target = path(relativePath)
    try FileSystem.createDirectory(FileSystem.directory(of: target))
    try AtomicFile.write(bytes, to: target)
    return target
  }

  /// Writes a text file, creating the directories it needs, and returns its path.
  @discardableResult
  public func write(_ text: String, to relativePath: String) throws(FileError) -> String {
    try write(Array(text.utf8), to: relativePath)
  }

  /// Writes an image as PNG, creating the directories it needs, and returns its path.
  @discardableResult
  public func write(_ image: Image, to relativePath: String) throws -> String {
    try write(ImageEncoder.encode(image, as: .png), to: relativePath)
  }

  /// Creates a symbolic link to a target, which need not exist, and returns its path.
  @discardableResult
  public func link(_ relativePath: String, to target: String) throws(FileError) -> String {
    let place = path(relativePath)
    try FileSystem.createDirectory(FileSystem.directory(of: place))
    guard symlink(target, place) == 0 else {
      throw FileError(path: place, action: .createFile, code: errno)
    }
    return place
  }

  /// The names in the directory, hidden ones included, in byte order.
  public func names(in relativePath: String = ".") -> [String] {
    Self.names(in: path(relativePath))
  }

  /// Removes the directory and everything in it; links are removed, not followed.
  public func remove() { Self.remove(path) }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in names(in: path) { remove(FileSystem.join(path, name)) }
    rmdir(path)
  }

  private static func names(in path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
