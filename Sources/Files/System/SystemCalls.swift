package import Platform

/// The few system calls that all files here go through, with interruptions retried.
package enum SystemCalls {
  /// What a path leads to, symbolic links followed, or `nil` with `errno` set.
  package static func status(ofPath path: String) -> stat? {
    var status = stat()
    return PathText.withBytes(path) { stat($0, &status) } == 0 ? status : nil
  }

  /// What stands at a path itself, be it a symbolic link, or `nil` with `errno` set.
  package static func ownStatus(ofPath path: String) -> stat? {
    var status = stat()
    return PathText.withBytes(path) { lstat($0, &status) } == 0 ? status : nil
  }

  /// Where a symbolic link points, as it is written there; `nil` where there is none.
  package static func target(ofLink path: String) -> String? {
    withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
      guard let start = buffer.assumingMemoryBound(to: CChar.self).baseAddress else { return nil }
      let count = PathText.withBytes(path) { readlink($0, start, buffer.count) }
      return count < 0 ? nil : PathText.text(buffer[..<count])
    }
  }

  /// What an open file is, or `nil` with `errno` set.
  package static func status(ofDescriptor descriptor: Int32) -> stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }

  /// Whether it is a directory.
  package static func isDirectory(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

  /// Whether it is a regular file.
  package static func isRegularFile(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

  /// Whether it is a pipe, with a name or without, or a socket.
  package static func isPipe(_ status: stat) -> Bool {
    [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }

  /// Opens a file; a negative result comes with `errno` set.
  package static func openFile(_ path: String, _ flags: Int32, mode: mode_t = 0o666) -> Int32 {
    while true {
      let descriptor = PathText.withBytes(path) { open($0, flags | O_CLOEXEC, mode) }
      if descriptor >= 0 || errno != EINTR { return descriptor }
    }
  }

  /// Opens a directory for its names; nil with `errno` set.
  static func openDirectory(_ path: String) -> OpaquePointer? {
    PathText.withBytes(path) { opendir($0) }
  }

  /// The name of a directory's entry.
  static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
    withUnsafeBytes(of: &entry.pointee.d_name) { PathText.text($0.prefix { $0 != 0 }) }
  }

  /// Whether a path may be used so by this process; false with `errno` set.
  static func isAllowed(_ mode: Int32, at path: String) -> Bool {
    PathText.withBytes(path) { access($0, mode) } == 0
  }

  /// Gives a file another name, in place of what has it; false with `errno` set.
  static func rename(_ path: String, to other: String) -> Bool {
    PathText.withBytes(path) { from in PathText.withBytes(other) { Platform.rename(from, $0) } }
      == 0
  }

  /// Locks an open file for this process alone, without waiting; false where another has it.
  ///
  /// True also where the file system knows no locks: a run shall not fail for want of one.
  package static func lock(_ descriptor: Int32) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { return true }
    }
    return true
  }

  /// Whether an error's number tells of a process or machine that has run out of something, which is
  /// no fault of the file that was asked for.
  package static func isExhaustion(_ code: Int32) -> Bool {
    [EMFILE, ENFILE, ENOMEM].contains(code)
  }

  /// Puts something in place of standard streams that the process was started without.
  ///
  /// The next file to be opened would else be given their number, and be written messages into.
  /// Using what stands there now fails as before, since it is opened the wrong way round.
  package static func occupyStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // The lowest free number is this one. It is inherited, unlike other files.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes all bytes; 0, or the error's number.
  ///
  /// - Parameter offset: where in the file; nil where writing goes on.
  package static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int? = nil
  ) -> Int32 {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count =
        if let offset {
          pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
        } else {
          write(descriptor, rest.baseAddress, rest.count)
        }
      if count < 0, errno == EINTR { continue }
      // None of some bytes is no error by the book, but would be tried for ever.
      guard count > 0 else { return count < 0 ? errno : EIO }
      written += count
    }
    return 0
  }

  /// Bytes of memory that the machine has.
  package static var physicalMemory: Int {
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
  }

  /// Reads until the buffer is full or the file ends; the number of bytes, or the negated error's
  /// number.
  package static func readAll(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32)
    -> Int
  {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = read(descriptor, rest.baseAddress, rest.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        return -Int(errno)
      }
      filled += count
    }
    return filled
  }

  /// The system's words for an error's number.
  package static func message(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }

  /// The system's words for what went wrong last.
  package static func lastError() -> String { message(errno) }
}
