import Platform

/// How paths lie to each other, symbolic links followed.
public enum PathRelation {
  /// Whether a directory is another one or lies anywhere below it; false where either does not exist.
  public static func isSameOrInside(_ path: String, _ directory: String) -> Bool {
    guard let inner = real(path), let outer = real(directory) else { return false }
    return isSameOrBelow(inner, outer)
  }

  /// Where a path leads to, without symbolic links; nil where that does not exist.
  package static func real(_ path: String) -> String? {
    guard let resolved = PathText.withBytes(path, { realpath($0, nil) }) else { return nil }
    defer { free(resolved) }
    return PathText.text(resolved)
  }

  /// The same place whatever path names it: the directory without symbolic links, and the name in
  /// it, which may be that of a link, or of nothing yet; nil where there is no such directory.
  package static func place(of path: String) -> String? {
    real(FileSystem.directory(of: path)).map {
      FileSystem.join($0, FileSystem.lastComponent(of: path))
    }
  }

  /// The places of a path and of all symbolic links that it leads through, up to the file itself.
  package static func places(through path: String) -> [String] {
    var places: [String] = []
    var next = path
    // As many links as Linux follows.
    while places.count <= 40, let place = place(of: next) {
      places.append(place)
      guard let target = SystemCalls.target(ofLink: next) else { break }
      let isAbsolute = target.utf8.first == UInt8(ascii: "/")
      next = isAbsolute ? target : FileSystem.join(FileSystem.directory(of: next), target)
    }
    return places
  }

  /// The same as ``isSameOrInside(_:_:)`` for paths without symbolic links.
  static func isSameOrBelow(_ inner: String, _ outer: String) -> Bool {
    // By bytes: a prefix by characters would take other names for the same.
    inner.isExactly(outer) || inner.utf8.starts(with: (outer == "/" ? "/" : outer + "/").utf8)
  }
}
