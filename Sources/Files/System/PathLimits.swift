/// What names the file systems of Linux take.
public enum PathLimits {
  /// The most bytes of a name, a component of a path.
  public static let nameBytes = 255

  /// The most bytes of a path as it is given to the system.
  public static let pathBytes = 4095

  /// Why nothing can be written at a relative path, in whatever directory; nil where it can.
  public static func objection(to path: String) -> String? {
    for name in path.split(separator: "/") where name.utf8.count > nameBytes {
      return "its output '\(name.prefix(20))...\(name.suffix(20))' has a name of "
        + "\(name.utf8.count) bytes, and file names have at most \(nameBytes); rename it"
    }
    return nil
  }
}
