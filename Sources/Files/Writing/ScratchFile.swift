import Platform

/// A file without a name for what does not fit into memory: it is gone with its owner, however that ends.
package final class ScratchFile: Sendable {
  /// Where it was made: `TMPDIR`, else `/var/tmp`, which is on a disk where `/tmp` may be memory.
  private let directory: String
  private let descriptor: Int32

  /// An empty one.
  package init() throws(FileError) {
    let wanted = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    directory = [wanted, "/var/tmp"].first { FileSystem.isDirectory($0) } ?? "/tmp"
    var attempt = 0
    while true {
      let path = FileSystem.join(directory, ".lacuna-\(getpid())-\(attempt).scratch")
      let opened = SystemCalls.openFile(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
      if opened >= 0 {
        descriptor = opened
        try FileSystem.removeFile(path)
        return
      }
      attempt += 1
      guard errno == EEXIST, attempt < 10_000 else {
        throw FileError(path: path, action: .createFile, code: errno)
      }
    }
  }

  deinit { close(descriptor) }

  /// Writes bytes at a place.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    let code = SystemCalls.writeAll(bytes, to: descriptor, at: offset)
    guard code == 0 else { throw FileError(path: directory, action: .write, code: code) }
  }

  /// Reads as many bytes from a place on as the buffer holds.
  package func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FileError(path: directory, action: .read, code: count == 0 ? EIO : errno)
      }
      filled += count
    }
  }
}
