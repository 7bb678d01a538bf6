import Platform

/// A file in the making that outlives its writer: a hidden file beside the target, which takes the
/// target's name when it is whole.
///
/// Unlike an `AtomicFile` it stays where its writer is killed, so that a later run can go on with
/// it.
package final class GrowingFile {
  /// The file that is to be.
  package let target: String
  /// The hidden file.
  package let path: String
  /// Bytes in the hidden file.
  package private(set) var count: Int

  private let descriptor: Int32

  /// Where the work on a target is kept.
  package static func path(for target: String) -> String { hidden(target, ending: "partial") }

  /// A hidden name beside a file; where it would be too long, a digest stands for the file's.
  package static func hidden(_ target: String, ending: String) -> String {
    var name = FileSystem.lastComponent(of: target)
    if name.utf8.count > AtomicFile.longestName {
      name = "lacuna-\(SHA256.hexadecimal(of: Array(name.utf8)).prefix(16))"
    }
    return FileSystem.join(FileSystem.directory(of: target), ".\(name).\(ending)")
  }

  /// Opens the work on a target, cut to its first `count` bytes.
  ///
  /// - Throws: `FileError`, also where the file has fewer bytes than that.
  package init(for target: String, keeping count: Int = 0) throws(FileError) {
    self.target = target
    self.count = count
    path = Self.path(for: target)
    descriptor = SystemCalls.openFile(path, O_RDWR | O_CREAT | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError(path: path, action: .createFile, code: errno) }
    let size = lseek(descriptor, 0, SEEK_END)
    guard size >= count else { throw FileError(path: path, action: .read, code: EINVAL) }
    guard ftruncate(descriptor, off_t(count)) == 0, lseek(descriptor, 0, SEEK_END) == count else {
      throw FileError(path: path, action: .write, code: errno)
    }
  }

  deinit { close(descriptor) }

  /// Adds bytes at the end.
  package func append(_ bytes: [UInt8]) throws(FileError) {
    let code = bytes.withUnsafeBytes { SystemCalls.writeAll($0, to: descriptor) }
    guard code == 0 else { throw FileError(path: path, action: .write, code: code) }
    count += bytes.count
  }

  /// Replaces the first bytes by as many others.
  package func replaceStart(_ bytes: [UInt8]) throws(FileError) {
    precondition(bytes.count <= count, "the start of a file is not longer than the file")
    let code = bytes.withUnsafeBytes { SystemCalls.writeAll($0, to: descriptor, at: 0) }
    guard code == 0 else { throw FileError(path: path, action: .write, code: code) }
  }

  /// Gives the file its name.
  package func commit() throws(FileError) {
    if let own = SystemCalls.ownStatus(ofPath: target), SystemCalls.isRegularFile(own) {
      fchmod(descriptor, own.st_mode & 0o777)
    }
    guard SystemCalls.rename(path, to: target) else {
      throw FileError(path: target, action: .rename, code: errno)
    }
  }

  /// Adds bytes at the end of a file that exists.
  package static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
    let descriptor = SystemCalls.openFile(path, O_WRONLY | O_APPEND | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError(path: path, action: .open, code: errno) }
    defer { close(descriptor) }
    let code = bytes.withUnsafeBytes { SystemCalls.writeAll($0, to: descriptor) }
    guard code == 0 else { throw FileError(path: path, action: .write, code: code) }
  }
}
