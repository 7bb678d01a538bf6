import Platform

/// Questions to, and small changes of, the file system.
///
/// Paths are POSIX paths, relative ones from the working directory.
public enum FileSystem {
  /// Whether something exists at the path; a broken symbolic link does not count.
  public static func exists(_ path: String) -> Bool {
    SystemCalls.status(ofPath: path) != nil
  }

  /// Whether the path leads to a directory.
  public static func isDirectory(_ path: String) -> Bool {
    SystemCalls.status(ofPath: path).map(SystemCalls.isDirectory) ?? false
  }

  /// Whether the path leads to a regular file.
  public static func isRegularFile(_ path: String) -> Bool {
    SystemCalls.status(ofPath: path).map(SystemCalls.isRegularFile) ?? false
  }

  /// Whether a path leads to what can be written to and not be replaced: a device, a pipe, or the
  /// system's name of an open file, such as `/dev/stdout`.
  public static func isWrittenInPlace(_ path: String) -> Bool {
    guard let status = SystemCalls.status(ofPath: path), !SystemCalls.isDirectory(status) else {
      return false
    }
    guard SystemCalls.isRegularFile(status), SystemCalls.target(ofLink: path) != nil else {
      return !SystemCalls.isRegularFile(status)
    }
    let directory = PathRelation.real(self.directory(of: path))
    return directory == "/dev" || directory?.hasPrefix("/proc/") == true
  }

  /// All bytes of a regular file.
  ///
  /// - Throws: ``FileError`` when the file cannot be opened or read or is not a regular file
  ///   (with the code `ESPIPE` for a pipe), or holds more than `maximumCount` bytes (then with the
  ///   code `EFBIG`).
  public static func readBytes(
    _ path: String, maximumCount: Int = .max
  ) throws(FileError) -> [UInt8] {
    try withRegularFile(path) { (descriptor, size) throws(FileError) in
      guard size <= maximumCount else { throw FileError(path: path, action: .read, code: EFBIG) }
      return try read(size, from: descriptor, path)
    }
  }

  /// The first bytes of a regular file, at most so many, and the file's size.
  ///
  /// - Throws: ``FileError`` when the file cannot be opened or read or is not a regular file.
  public static func readPrefix(
    _ path: String, count: Int
  ) throws(FileError) -> (bytes: [UInt8], size: Int) {
    try withRegularFile(path) { (descriptor, size) throws(FileError) in
      (try read(min(count, size), from: descriptor, path), size)
    }
  }

  /// The bytes of a regular file from a place on, at most so many; none beyond its end.
  ///
  /// - Throws: ``FileError`` when the file cannot be opened or read or is not a regular file.
  package static func readBytes(
    _ path: String, from offset: Int, count: Int
  ) throws(FileError) -> [UInt8] {
    try withRegularFile(path) { (descriptor, size) throws(FileError) in
      guard lseek(descriptor, off_t(offset), SEEK_SET) == offset else {
        throw FileError(path: path, action: .read, code: errno)
      }
      return try read(max(0, min(count, size - offset)), from: descriptor, path)
    }
  }

  /// Whether two regular files hold the same bytes, read piece by piece.
  ///
  /// - Throws: ``FileError`` when one cannot be opened or read or is not a regular file.
  package static func haveEqualBytes(_ path: String, _ other: String) throws(FileError) -> Bool {
    let piece = 1 << 20
    var offset = 0
    while true {
      let bytes = try readBytes(path, from: offset, count: piece)
      guard try readBytes(other, from: offset, count: piece) == bytes else { return false }
      if bytes.isEmpty { return true }
      offset += bytes.count
    }
  }

  private static func withRegularFile<Result>(
    _ path: String, _ body: (_ descriptor: Int32, _ size: Int) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    // Without O_NONBLOCK the mere opening of a named pipe would wait for ever.
    let descriptor = SystemCalls.openFile(path, O_RDONLY | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, action: .open, code: errno) }
    defer { close(descriptor) }
    guard let status = SystemCalls.status(ofDescriptor: descriptor) else {
      throw FileError(path: path, action: .read, code: errno)
    }
    if SystemCalls.isDirectory(status) {
      throw FileError(path: path, action: .read, code: EISDIR)
    }
    guard SystemCalls.isRegularFile(status) else {
      throw FileError(path: path, action: .read, code: SystemCalls.isPipe(status) ? ESPIPE : EINVAL)
    }
    return try body(descriptor, Int(status.st_size))
  }

  private static func read(
    _ count: Int, from descriptor: Int32, _ path: String
  ) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, count in
      let result = SystemCalls.readAll(UnsafeMutableRawBufferPointer(buffer), from: descriptor)
      count = max(result, 0)
      failure = result < 0 ? Int32(-result) : 0
    }
    guard failure == 0 else { throw FileError(path: path, action: .read, code: failure) }
    return bytes
  }

  /// Creates a directory and those above it; one that exists is fine.
  ///
  /// - Throws: ``FileError`` when it cannot be created, also where a file of that name stands.
  public static func createDirectory(_ path: String) throws(FileError) {
    if isDirectory(path) { return }
    let parent = directory(of: path)
    if parent != path, !isDirectory(parent) { try createDirectory(parent) }
    guard
      PathText.withBytes(path, { mkdir($0, 0o777) }) == 0 || (errno == EEXIST && isDirectory(path))
    else {
      throw FileError(path: path, action: .createDirectory, code: errno)
    }
  }

  /// Removes a directory and the files in it; folders in it stay, and so does it then.
  ///
  /// - Throws: ``FileError`` when the system refuses.
  public static func removeDirectory(_ path: String) throws(FileError) {
    for name in names(in: path, most: .max) where !isDirectory(join(path, name)) {
      try removeFile(join(path, name))
    }
    guard PathText.withBytes(path, { rmdir($0) }) == 0 || errno == ENOENT else {
      throw FileError(path: path, action: .remove, code: errno)
    }
  }

  /// Whether a directory holds nothing, or cannot be listed.
  public static func isEmptyDirectory(_ path: String) -> Bool {
    names(in: path, most: 1).isEmpty
  }

  /// So many names in a directory at most; none where it cannot be listed.
  private static func names(in path: String, most: Int) -> [String] {
    guard let directory = SystemCalls.openDirectory(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < most, let entry = readdir(directory) {
      let name = SystemCalls.name(of: entry)
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes a file; one that is not there is fine.
  ///
  /// - Throws: ``FileError`` when the system refuses.
  public static func removeFile(_ path: String) throws(FileError) {
    guard PathText.withBytes(path, { unlink($0) }) == 0 || errno == ENOENT else {
      throw FileError(path: path, action: .remove, code: errno)
    }
  }

  /// The directory part of a path: `"a"` for `"a/b"`, `"."` for `"b"`, `"/"` for `"/b"`.
  public static func directory(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return trimmed == "/" ? "/" : "."
    }
    return slash == trimmed.startIndex ? "/" : withoutTrailingSlashes(String(trimmed[..<slash]))
  }

  /// The last component of a path: `"b"` for `"a/b/"`.
  public static func lastComponent(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return trimmed }
    return String(trimmed[trimmed.utf8.index(after: slash)...])
  }

  /// A path without its extension: `"a.b/c"` for `"a.b/c.png"`; a leading dot begins no extension.
  public static func withoutExtension(_ path: String) -> String {
    let name = lastComponent(of: path)
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      return path
    }
    let count = name.utf8.distance(from: dot, to: name.endIndex)
    return String(decoding: path.utf8.dropLast(count), as: UTF8.self)
  }

  /// `directory/name`, without a doubled slash.
  public static func join(_ directory: String, _ name: String) -> String {
    if directory.isEmpty { return name }
    return directory.utf8.last == UInt8(ascii: "/") ? directory + name : directory + "/" + name
  }

  private static func withoutTrailingSlashes(_ path: String) -> String {
    var trimmed = Substring(path)
    while trimmed.utf8.count > 1, trimmed.utf8.last == UInt8(ascii: "/") {
      trimmed = trimmed.dropLast()
    }
    return String(trimmed)
  }
}
