#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The walk behind ``ImageFolder``: relative paths of image files, in no particular order.
///
/// Real directories are walked first and links afterwards, in byte order, each real directory once.
/// So the result depends on names alone, and neither loops nor webs of links cost more than the
/// directories there are.
struct DirectoryListing {
  private(set) var files: [String] = []
  private(set) var problems: [ImageError] = []

  private struct Identity: Hashable {
    let device: UInt64
    let node: UInt64
  }

  private let root: String
  private var visited: Set<Identity> = []
  private var directories: [String] = [""]
  private var links: [String] = []

  init(root: String) {
    self.root = root
    while true {
      if let directory = directories.popLast() {
        visit(directory)
      } else if !links.isEmpty {
        links.sort { precedesInBytes($1, $0) }
        directories.append(links.removeLast())
      } else {
        break
      }
    }
    problems.sort { precedesInBytes($0.path, $1.path) }
  }

  /// Lists one directory, given by its path below the root.
  private mutating func visit(_ directory: String) {
    let path = directory.isEmpty ? root : FileSystem.join(root, directory)
    guard let stream = opendir(path) else {
      problems.append(ImageError(path: path, reason: .unreadable(SystemCalls.lastError())))
      return
    }
    defer { closedir(stream) }
    guard let status = SystemCalls.status(ofDescriptor: dirfd(stream)),
      visited.insert(
        Identity(
          device: UInt64(truncatingIfNeeded: status.st_dev),
          node: UInt64(truncatingIfNeeded: status.st_ino))
      ).inserted
    else { return }
    let prefix = directory.isEmpty ? "" : directory + "/"
    errno = 0
    while let entry = readdir(stream) {
      add(entry, prefix: prefix)
      errno = 0
    }
    if errno != 0 {
      problems.append(ImageError(path: path, reason: .unreadable(SystemCalls.lastError())))
    }
  }

  private mutating func add(_ entry: UnsafeMutablePointer<dirent>, prefix: String) {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return }
    let bytes = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
    guard bytes[0] != 0x2e else { return }  // hidden, or "." or ".."
    let name = UnsafeBufferPointer(start: bytes, count: strlen(bytes))
    let isImage = Self.hasImageExtension(name)
    var kind = Kind(entry.pointee.d_type)
    if kind == .other && !isImage { return }  // devices and the like
    if kind == .file && !isImage { return }
    guard let text = String(validatingCString: bytes) else {
      let shown = FileSystem.join(root, prefix + String(cString: bytes))
      let reason = ImageError.Reason.unreadable("its name is not UTF-8; rename it")
      if isImage || kind == .directory { problems.append(ImageError(path: shown, reason: reason)) }
      return
    }
    let path = prefix + text
    var isLink = kind == .link
    if kind == .link || kind == .unknown {
      (kind, isLink) = Self.inspect(FileSystem.join(root, path))
    }
    switch kind {
    case .directory where isLink: links.append(path)
    case .directory: directories.append(path)
    case .file where isImage: files.append(path)
    case .other where isImage:
      problems.append(ImageError(path: FileSystem.join(root, path), reason: .notAFile))
    case .link where isImage:
      let reason = ImageError.Reason.unreadable("a broken symbolic link")
      problems.append(ImageError(path: FileSystem.join(root, path), reason: reason))
    default: break
    }
  }

  private enum Kind {
    case file, directory, link, other, unknown

    init(_ type: UInt8) {
      switch Int(type) {
      case Int(DT_REG): self = .file
      case Int(DT_DIR): self = .directory
      case Int(DT_LNK): self = .link
      case Int(DT_UNKNOWN): self = .unknown
      default: self = .other
      }
    }
  }

  /// What a path leads to, and whether it is a link; a link that leads nowhere stays a link.
  private static func inspect(_ path: String) -> (kind: Kind, isLink: Bool) {
    var own = stat()
    let isLink = lstat(path, &own) == 0 && own.st_mode & S_IFMT == S_IFLNK
    guard let status = SystemCalls.status(ofPath: path) else { return (.link, isLink) }
    if SystemCalls.isDirectory(status) { return (.directory, isLink) }
    return (SystemCalls.isRegularFile(status) ? .file : .other, isLink)
  }

  private static func hasImageExtension(_ name: UnsafeBufferPointer<CChar>) -> Bool {
    func ends(with suffix: StaticString) -> Bool {
      let count = suffix.utf8CodeUnitCount
      guard name.count > count else { return false }
      for index in 0..<count {
        let byte = UInt8(bitPattern: name[name.count - count + index])
        let lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
        if lower != suffix.utf8Start[index] { return false }
      }
      return true
    }
    return ends(with: ".png") || ends(with: ".jpg") || ends(with: ".jpeg")
  }
}
