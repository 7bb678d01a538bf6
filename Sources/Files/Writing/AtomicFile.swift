import Platform

/// A file that appears whole or not at all.
///
/// Bytes go to a hidden file beside the target, which takes the target's name on ``commit()``.
/// Until then, and when anything fails, the target stays as it was and the hidden file is removed.
/// Whoever is killed in between leaves at most a hidden file `.NAME.NUMBER.tmp`, never half a
/// target.
///
/// A target that exists and is no regular file (`/dev/stdout`, a named pipe) is written in place,
/// because renaming would replace the device. Any other symbolic link is replaced, not followed: the
/// file it names may be somebody's only copy.
public final class AtomicFile {
  /// The path asked for.
  public let path: String

  private let temporaryPath: String?
  private let synchronise: Bool
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferCapacity = 1 << 16

  /// Opens a new file that will replace `path`.
  ///
  /// - Parameters:
  ///   - path: where the file shall be; its directory must exist.
  ///   - synchronise: whether ``commit()`` waits until the bytes are on the disk, so that they
  ///     survive a loss of power.
  /// - Throws: ``FileError`` when the file cannot be created or `path` is a directory.
  public init(path: String, synchronise: Bool = false) throws(FileError) {
    self.path = path
    self.synchronise = synchronise
    if FileSystem.isDirectory(path) {
      throw FileError(path: path, action: .createFile, code: EISDIR)
    }
    if FileSystem.isWrittenInPlace(path) {
      descriptor = SystemCalls.openFile(path, O_WRONLY | O_APPEND)
      temporaryPath = nil
      guard descriptor >= 0 else { throw FileError(path: path, action: .open, code: errno) }
      return
    }
    let (opened, temporary) = Self.openTemporary(for: path)
    guard opened >= 0 else { throw FileError(path: path, action: .createFile, code: errno) }
    descriptor = opened
    temporaryPath = temporary
    if let own = SystemCalls.ownStatus(ofPath: path), SystemCalls.isRegularFile(own) {
      fchmod(descriptor, own.st_mode & 0o777)
    }
  }

  deinit { discard() }

  /// Appends bytes.
  ///
  /// - Throws: ``FileError`` when the disk is full or fails; the file is then discarded.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    precondition(descriptor >= 0, "write to an atomic file that is committed or discarded")
    if buffer.count + bytes.count > Self.bufferCapacity { try flush() }
    if bytes.count >= Self.bufferCapacity {
      try check(SystemCalls.writeAll(bytes, to: descriptor))
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Appends bytes.
  ///
  /// See ``write(_:)-(UnsafeRawBufferPointer)``.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    let result: Result<Void, FileError> = bytes.withUnsafeBytes { pointer in
      Result { () throws(FileError) in try write(pointer) }
    }
    try result.get()
  }

  /// Appends text as UTF-8.
  ///
  /// See ``write(_:)-(UnsafeRawBufferPointer)``.
  public func write(_ text: String) throws(FileError) {
    try write(Array(text.utf8))
  }

  /// Gives the file its name.
  ///
  /// Afterwards nothing more can be written.
  ///
  /// - Throws: ``FileError`` when the last bytes cannot be written or the file cannot be renamed;
  ///   the file is then discarded.
  public func commit() throws(FileError) {
    precondition(descriptor >= 0, "commit of an atomic file that is committed or discarded")
    try flush()
    if synchronise, temporaryPath != nil { try check(fsync(descriptor) == 0 ? 0 : errno) }
    let closing = descriptor
    descriptor = -1
    // Some file systems report a full disk only here. Linux closes also when interrupted.
    if close(closing) != 0, errno != EINTR {
      let code = errno
      removeTemporary()
      throw FileError(path: path, action: .write, code: code)
    }
    guard let temporaryPath else { return }
    guard SystemCalls.rename(temporaryPath, to: path) else {
      let code = errno
      removeTemporary()
      throw FileError(path: path, action: .rename, code: code)
    }
    if synchronise { Self.synchroniseDirectory(of: path) }
  }

  /// Gives the file up and leaves the target as it was; without effect after ``commit()``.
  public func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    removeTemporary()
  }

  /// Writes one whole file.
  ///
  /// See ``init(path:synchronise:)``, ``commit()``.
  public static func write(
    _ bytes: [UInt8], to path: String, synchronise: Bool = false
  ) throws(FileError) {
    let file = try AtomicFile(path: path, synchronise: synchronise)
    try file.write(bytes)
    try file.commit()
  }

  private func flush() throws(FileError) {
    let code = buffer.withUnsafeBytes { SystemCalls.writeAll($0, to: descriptor) }
    buffer.removeAll(keepingCapacity: true)
    try check(code)
  }

  private func check(_ code: Int32) throws(FileError) {
    guard code != 0 else { return }
    discard()
    throw FileError(path: path, action: .write, code: code)
  }

  private func removeTemporary() {
    if let temporaryPath { try? FileSystem.removeFile(temporaryPath) }
  }
}
