import Files
import Platform

extension Workplace {
  /// Every file below a folder, by relative path, with its bytes.
  public func files(below relativePath: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in folder.names(in: relativePath) {
      let path = FileSystem.join(relativePath, name)
      if FileSystem.isDirectory(folder.path(path)) {
        for (inner, bytes) in try self.files(below: path) {
          files[FileSystem.join(name, inner)] = bytes
        }
      } else {
        files[name] = try bytes(path)
      }
    }
    return files
  }

  /// Copies a file or a fixture.
  public func copy(_ from: String, to: String) throws {
    try folder.write(bytes(from), to: to)
  }

  /// Waits until a condition holds; false after half a minute.
  public func wait(until condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(30)
    while !condition() {
      if ContinuousClock.now > deadline { return false }
      usleep(500)
    }
    return true
  }

  /// The lines of `completions.csv` in an output directory, without the header.
  public func completions(_ directory: String) throws -> [[String]] {
    try text("\(directory)/completions.csv").split(separator: "\n").dropFirst().map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }
}
