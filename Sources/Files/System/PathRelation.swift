import Platform

/// How paths lie to each other, symbolic links followed.
public enum PathRelation {
  /// Whether a directory is another one or lies anywhere below it; false where either does not exist.
  public static func isSameOrInside(_ path: String, _ directory: String) -> Bool {
    guard let inner = real(path), let outer = real(directory) else { return false }
    return inner == outer || inner.hasPrefix(outer == "/" ? "/" : outer + "/")
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
