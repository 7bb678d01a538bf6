import Platform

/// Keeps a second run out of an output that one is writing.
///
/// The system lets go of it when the process ends, however it ends.
public final class RunLock: Sendable {
  private let descriptor: Int32
  /// The hidden file that stands for an output; nil where a directory is locked itself.
  private let file: String?

  /// Locks a directory, and leaves nothing in it.
  ///
  /// - Throws: `OutputError` where another run has it.
  public init(directory path: String) throws(OutputError) {
    file = nil
    // Where the directory cannot even be opened, writing into it will say why.
    descriptor = SystemCalls.openFile(path, O_RDONLY)
    guard SystemCalls.lock(descriptor) else {
      close(descriptor)
      throw Self.inUse(path)
    }
  }

  /// Locks a file that is to be, by a hidden file beside it, which goes with the lock.
  ///
  /// - Throws: `OutputError` where another run has it, `FileError` where there is no place for it.
  public init(file path: String) throws {
    guard !FileSystem.isWrittenInPlace(path) else {
      (file, descriptor) = (nil, -1)
      return
    }
    let hidden = GrowingFile.hidden(path, ending: "lock")
    while true {
      let opened = SystemCalls.openFile(hidden, O_RDWR | O_CREAT | O_NOFOLLOW)
      guard opened >= 0 else { throw FileError(path: hidden, action: .createFile, code: errno) }
      guard SystemCalls.lock(opened) else {
        close(opened)
        throw Self.inUse(path)
      }
      // The run before may have removed the file between opening and locking.
      if let mine = SystemCalls.status(ofDescriptor: opened),
        let there = SystemCalls.ownStatus(ofPath: hidden), mine.st_ino == there.st_ino,
        mine.st_dev == there.st_dev
      {
        (file, descriptor) = (hidden, opened)
        return
      }
      close(opened)
    }
  }

  deinit {
    if let file { try? FileSystem.removeFile(file) }
    if descriptor >= 0 { close(descriptor) }
  }

  private static func inUse(_ path: String) -> OutputError {
    OutputError(
      "\(path): is in use by another run; wait for its end, or give --output another name")
  }
}
