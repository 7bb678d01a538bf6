public import Files
import Platform

/// The files that a table of embeddings is written to.
public struct EmbeddingOutput: Sendable {
  /// The table, as it was named.
  public let path: String
  /// The texts beside a matrix: `NAME.filenames.csv` for `NAME.npy`; nil for a CSV table.
  public let textsPath: String?
  /// What to do where there is something already.
  public let policy: OutputDirectory.Policy

  /// Where the table will be, symbolic links followed.
  let tableTarget: String
  /// Where the texts will be, symbolic links followed.
  let textsTarget: String?

  /// Checks the places.
  ///
  /// - Throws: `OutputError` where one is no place for a file, or holds a file that must not be
  ///   touched.
  public init(
    path: String, format: EmbeddingOptions.Format, policy: OutputDirectory.Policy
  ) throws {
    self.path = path
    self.policy = policy
    textsPath = format == .npy ? FileSystem.withoutExtension(path) + ".filenames.csv" : nil
    tableTarget = try Self.target(path)
    textsTarget = try textsPath.map(Self.target)
    guard policy == .refuse else { return }
    for path in [path, textsPath].compactMap({ $0 }) where FileSystem.exists(path) {
      throw OutputError("\(path): exists; --overwrite replaces it")
    }
    if FileSystem.exists(journalPath) {
      throw OutputError(
        "\(journalPath): an interrupted run left it; --resume goes on from there, --overwrite "
          + "starts again")
    }
  }

  /// Says how far an unfinished table is.
  var journalPath: String { GrowingFile.hidden(tableTarget, ending: "journal") }

  /// Whether a table that is to be resumed is complete already.
  public var isComplete: Bool {
    policy == .resume && FileSystem.exists(tableTarget) && !FileSystem.exists(journalPath)
  }

  /// Removes an unfinished table.
  func removeWork() throws(FileError) {
    for target in [tableTarget, textsTarget].compactMap({ $0 }) {
      try FileSystem.removeFile(GrowingFile.path(for: target))
    }
    try FileSystem.removeFile(journalPath)
  }

  /// The file that a path leads to.
  private static func target(_ path: String) throws -> String {
    guard FileSystem.exists(path) else {
      let directory = FileSystem.directory(of: path)
      guard FileSystem.isDirectory(directory) else {
        throw OutputError("\(path): its directory \(directory) does not exist; create it first")
      }
      return path
    }
    guard FileSystem.isRegularFile(path), let real = realpath(path, nil) else {
      throw OutputError("\(path): is no file; give --output another name")
    }
    defer { free(real) }
    return String(cString: real)
  }
}
