import Platform

/// Hidden files of runs that were killed while they wrote: `.NAME.PROCESS-NUMBER.tmp`.
enum Leftovers {
  /// The name of a hidden file, `NAME` being that of its target.
  static func name(for target: String, _ process: Int32, _ number: Int) -> String {
    ".\(target).\(process)-\(number).tmp"
  }

  /// The target's name in that of a hidden file; nil where it is not one of ours.
  static func target(of name: String) -> String? {
    guard name.hasPrefix("."), name.hasSuffix(".tmp") else { return nil }
    let inner = name.dropFirst().dropLast(".tmp".count)
    guard let dot = inner.lastIndex(of: "."), dot != inner.startIndex else { return nil }
    let numbers = inner[inner.index(after: dot)...].split(
      separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2,
      numbers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    return String(inner[..<dot])
  }

  /// Removes those whose target a test accepts, unless a running process still writes them.
  ///
  /// - Parameter isDeep: whether folders below count too; links are not followed.
  static func remove(
    in directory: String, isDeep: Bool = false, where isOurs: (String) -> Bool
  ) {
    guard let stream = SystemCalls.openDirectory(directory) else { return }
    var folders: [String] = []
    while let entry = readdir(stream) {
      let name = SystemCalls.name(of: entry)
      let path = FileSystem.join(directory, name)
      if let target = target(of: name), isOurs(target) {
        removeUnlessInUse(path)
      } else if isDeep, !name.hasPrefix("."), entry.pointee.d_type == UInt8(DT_DIR) {
        folders.append(path)
      }
    }
    closedir(stream)
    for folder in folders { remove(in: folder, isDeep: true, where: isOurs) }
  }

  /// Who writes such a file holds a lock on it.
  private static func removeUnlessInUse(_ path: String) {
    let descriptor = SystemCalls.openFile(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard let status = SystemCalls.status(ofDescriptor: descriptor),
      SystemCalls.isRegularFile(status), SystemCalls.lock(descriptor)
    else { return }
    try? FileSystem.removeFile(path)
  }
}
