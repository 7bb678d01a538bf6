import Platform

extension AtomicFile {
  /// Longer names of targets are not repeated in that of the hidden file, which has to be allowed too.
  static let longestName = 200
  /// What stands in their place.
  static let shortName = "lacuna"

  /// A new hidden file beside the target.
  ///
  /// A negative descriptor comes with `errno` set.
  static func openTemporary(for target: String) -> (descriptor: Int32, path: String) {
    let directory = FileSystem.directory(of: target)
    var name = FileSystem.lastComponent(of: target)
    if name.utf8.count > longestName { name = shortName }
    var attempt = 0
    while true {
      let path = FileSystem.join(directory, Leftovers.name(for: name, getpid(), attempt))
      let descriptor = SystemCalls.openFile(path, O_WRONLY | O_CREAT | O_EXCL)
      // A process of the same number may have been killed here before, or other threads write
      // beside.
      if descriptor >= 0 || errno != EEXIST || attempt == 10_000 {
        // Tells those who clear up after killed runs that this one lives.
        if descriptor >= 0 { _ = SystemCalls.lock(descriptor) }
        return (descriptor, path)
      }
      attempt += 1
    }
  }

  /// Why no file can be made at a path: the number of the system's error, or 0.
  ///
  /// Permissions alone do not tell: what is asked for is tried.
  static func refusal(at path: String) -> Int32 {
    let (descriptor, temporary) = openTemporary(for: path)
    guard descriptor >= 0 else { return errno }
    close(descriptor)
    try? FileSystem.removeFile(temporary)
    return 0
  }

  /// Makes a renaming durable; failure to do so costs nothing that was promised.
  static func synchroniseDirectory(of path: String) {
    let descriptor = SystemCalls.openFile(FileSystem.directory(of: path), O_RDONLY)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
