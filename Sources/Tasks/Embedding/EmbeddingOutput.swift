public import Files

/// The files that a table of embeddings is written to.
public struct EmbeddingOutput: Sendable {
  /// The table, as it was named.
  public let path: String
  /// The texts beside a matrix: `NAME.filenames.csv` for `NAME.npy`; nil for a CSV table.
  public let textsPath: String?
  /// What to do where there is something already.
  public let policy: Output.Policy
  private let lock: RunLock

  /// Checks the places.
  ///
  /// - Parameter inputs: what the run reads.
  /// - Throws: `OutputError` where one is no place for a file, holds a file that must not be touched,
  ///   or is another run's.
  public init(
    path: String, format: EmbeddingOptions.Format, policy: Output.Policy, inputs: Inputs = .none
  ) throws {
    self.path = path
    self.policy = policy
    textsPath = format == .npy ? FileSystem.withoutExtension(path) + ".filenames.csv" : nil
    try Self.check(path, textsPath)
    lock = try RunLock(file: path)
    // Whether a table that stands there is the one to be resumed is asked of its rows.
    let isOwn = FileSystem.exists(path) || FileSystem.exists(journalPath)
    for path in [path, textsPath].compactMap({ $0 }) {
      _ = try Output(path, option: "--output", policy: policy, inputs: inputs, isOwn: isOwn)
    }
    if policy != .refuse {
      _ = try Output(journalPath, option: "--output", policy: policy, inputs: inputs, isOwn: true)
    }
    guard policy == .refuse else { return }
    if FileSystem.exists(journalPath) {
      throw OutputError(
        "\(journalPath): an interrupted run left it; --resume goes on from there, --overwrite "
          + "starts again")
    }
  }

  /// Finds what is no place for a file, before anything is written there.
  private static func check(_ paths: String?...) throws {
    for path in paths.compactMap({ $0 }) {
      _ = try Output(path, option: "--output", policy: .overwrite, inputs: .none)
      guard !FileSystem.isWrittenInPlace(path) else {
        throw OutputError("\(path): is no file; give --output another name")
      }
    }
  }

  /// Says how far an unfinished table is.
  var journalPath: String { GrowingFile.hidden(path, ending: "journal") }

  /// Whether a table that is to be resumed is complete already.
  public var isComplete: Bool {
    policy == .resume && FileSystem.exists(path) && !FileSystem.exists(journalPath)
  }

  /// Removes an unfinished table.
  func removeWork() throws(FileError) {
    for target in [path, textsPath].compactMap({ $0 }) {
      try FileSystem.removeFile(GrowingFile.path(for: target))
    }
    try FileSystem.removeFile(journalPath)
  }
}
