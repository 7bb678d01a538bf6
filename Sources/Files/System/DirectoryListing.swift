import Platform

/// The files below a directory whose names end in certain ways, by their paths below it, in no
/// particular order; hidden files and folders are left out.
///
/// Real directories are walked first and links afterwards, in byte order, each real directory once.
/// So the result depends on names alone, and neither loops nor webs of links cost more than the
/// directories there are.
package struct DirectoryListing {
  /// What is named like a file to be listed, or might hold some, and cannot be had.
  package struct Problem: Equatable, Sendable {
    /// Why it cannot be had.
    package enum Reason: Equatable, Sendable {
      /// The system refuses, or the name does; its words.
      case unreadable(String)
      /// The process or the machine has run out of something; the system's words.
      case exhausted(String)
      /// A pipe, a device or the like.
      case notAFile

      /// What the system said last.
      static func last() -> Reason {
        let code = errno
        let words = SystemCalls.message(code)
        return SystemCalls.isExhaustion(code) ? .exhausted(words) : .unreadable(words)
      }
    }

    /// Where it is.
    package let path: String
    /// Why it cannot be had.
    package let reason: Reason
  }

  /// The paths below the root.
  package private(set) var files: [String] = []
  /// The paths of files of kindred kinds, which are not listed.
  package private(set) var kindred: [String] = []
  /// What cannot be had, in byte order of the paths.
  package private(set) var problems: [Problem] = []

  private struct Identity: Hashable {
    let device: UInt64
    let node: UInt64
  }

  private let root: String
  private let endings: [StaticString]
  private let kindredEndings: [StaticString]
  private var visited: Set<Identity> = []
  private var directories: [String] = [""]
  private var links: [String] = []

  /// Walks a directory.
  ///
  /// - Parameters:
  ///   - endings: what names of files end with, in small letters; names may have capital ones.
  ///   - kindred: the same of files that are not listed, and whose user should know.
  package init(root: String, endings: [StaticString], kindred: [StaticString] = []) {
    self.root = root
    self.endings = endings
    kindredEndings = kindred
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
    guard let stream = SystemCalls.openDirectory(path) else {
      problems.append(Problem(path: path, reason: .last()))
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
      problems.append(Problem(path: path, reason: .last()))
    }
  }

  private mutating func add(_ entry: UnsafeMutablePointer<dirent>, prefix: String) {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return }
    let bytes = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
    guard bytes[0] != 0x2e else { return }  // hidden, or "." or ".."
    let name = UnsafeBufferPointer(start: bytes, count: strlen(bytes))
    let isListed = Self.has(name, endings)
    let isKindred = !isListed && Self.has(name, kindredEndings)
    var kind = Kind(entry.pointee.d_type)
    if kind == .other && !isListed { return }  // devices and the like
    if kind == .file && !isListed {
      if isKindred { kindred.append(prefix + String(cString: bytes)) }
      return
    }
    guard let text = String(validatingCString: bytes) else {
      let shown = FileSystem.join(
        root, prefix + Printable.line(bytes: name.map(UInt8.init(bitPattern:))))
      let reason = Problem.Reason.unreadable("its name is not UTF-8; rename it")
      if isListed || kind == .directory { problems.append(Problem(path: shown, reason: reason)) }
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
    case .file where isListed: files.append(path)
    case .file where isKindred: kindred.append(path)
    case .other where isListed:
      problems.append(Problem(path: FileSystem.join(root, path), reason: .notAFile))
    case .link where isListed:
      let reason = Problem.Reason.unreadable("a broken symbolic link")
      problems.append(Problem(path: FileSystem.join(root, path), reason: reason))
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
    let isLink = SystemCalls.target(ofLink: path) != nil
    guard let status = SystemCalls.status(ofPath: path) else { return (.link, isLink) }
    if SystemCalls.isDirectory(status) { return (.directory, isLink) }
    return (SystemCalls.isRegularFile(status) ? .file : .other, isLink)
  }

  private static func has(
    _ name: UnsafeBufferPointer<CChar>, _ endings: [StaticString]
  ) -> Bool {
    name.withMemoryRebound(to: UInt8.self) { NameEnding.first(of: endings, in: $0) != nil }
  }
}
