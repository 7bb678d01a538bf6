import Platform

/// A second name for a file, or a second file.
package enum FileCopy {
  /// Errors of systems and file systems that have no hard link here.
  private static let withoutLinks = [EXDEV, EPERM, EMLINK, EACCES, ENOTSUP, EOPNOTSUPP, ENOSYS]

  /// Whether there is a file, or a symbolic link wherever that leads.
  package static func isThere(_ path: String) -> Bool {
    FileSystem.isRegularFile(path) || SystemCalls.target(ofLink: path) != nil
  }

  /// Puts a file at a place too, instead of what stands there.
  ///
  /// By a hard link where the file system has such, else by a copy; a symbolic link is made again.
  ///
  /// - Returns: whether it is a hard link.
  /// - Throws: ``FileError``.
  package static func place(_ source: String, at target: String) throws(FileError) -> Bool {
    try FileSystem.removeFile(target)
    if let goal = SystemCalls.target(ofLink: source) {
      let code = PathText.withBytes(goal) { goal in
        PathText.withBytes(target) { symlink(goal, $0) }
      }
      guard code == 0 else { throw FileError(path: target, action: .createFile, code: errno) }
      return false
    }
    let code = PathText.withBytes(source) { source in
      PathText.withBytes(target) { link(source, $0) }
    }
    if code == 0 { return true }
    guard withoutLinks.contains(errno) else {
      throw FileError(path: target, action: .createFile, code: errno)
    }
    try AtomicFile.write(FileSystem.readBytes(source), to: target)
    return false
  }
}
