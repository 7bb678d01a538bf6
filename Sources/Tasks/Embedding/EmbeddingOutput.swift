public import Files

/// The files that a table of embeddings is written to.
public struct EmbeddingOutput: Sendable {
  /// The table, as it was named.
  public let path: String
  /// The texts beside a matrix: `NAME.filenames.csv` for `NAME.npy`; nil for a CSV table.
  public let textsPath: String?
  /// What a shard says of itself, beside its table; nil where the run is none.
  public let shardPath: String?
  /// What to do where there is something already.
  public let policy: Output.Policy
  private let lock: RunLock

  /// Checks the places.
  ///
  /// - Parameters:
  ///   - inputs: what the run reads.
  ///   - isShard: whether the run is a shard.
  /// - Throws: `OutputError` where one is no place for a file, holds a file that must not be touched,
  ///   or is another run's.
  public init(
    path: String, format: EmbeddingOptions.Format, policy: Output.Policy, inputs: Inputs = .none,
    isShard: Bool = false
  ) throws {
    self.path = path
    self.policy = policy
    textsPath = format == .npy ? Self.textsPath(beside: path) : nil
    shardPath = isShard ? ShardRecord.path(beside: path) : nil
    try Self.check(path, textsPath, shardPath)
    lock = try RunLock(file: path)
    // Whether a table that stands there is the one to be resumed is asked of its rows.
    let isOwn = FileSystem.exists(path) || FileSystem.exists(journalPath)
    for path in [path, textsPath, shardPath].compactMap({ $0 }) {
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

  /// Where the texts beside a matrix are.
  static func textsPath(beside matrix: String) -> String {
    FileSystem.withoutExtension(matrix) + ".filenames.csv"
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

  /// A picture that belongs to the table.
  ///
  /// - Throws: `OutputError` where it must not be written, or would be written where the table is.
  public func companion(
    _ path: String, option: String, inputs: Inputs
  ) throws(OutputError) -> Output {
    let place = PathRelation.place(of: path)
    for own in [self.path, textsPath, shardPath].compactMap({ $0 })
    where place == PathRelation.place(of: own) {
      throw OutputError("\(path): is what --output writes; give \(option) another name")
    }
    // Of a run that has begun or ended here, the picture is its own.
    let isOwn = FileSystem.exists(self.path) || FileSystem.exists(journalPath)
    return try Output(path, option: option, policy: policy, inputs: inputs, isOwn: isOwn)
  }

  /// Whether a table that is to be resumed is complete already.
  public var isComplete: Bool {
    policy == .resume && FileSystem.exists(path) && !FileSystem.exists(journalPath)
  }

  /// Makes sure that a complete table is the one that a run writes, which writes it beside this one.
  ///
  /// - Throws: `OutputError` where it is not.
  func confirmByRepeating<Summary>(_ run: (EmbeddingOutput) throws -> Summary) throws {
    let format = textsPath == nil ? EmbeddingOptions.Format.csv : .npy
    let repeated = GrowingFile.hidden(path, ending: "again.\(format.rawValue)")
    let again = try EmbeddingOutput(path: repeated, format: format, policy: .overwrite)
    defer {
      for target in [again.path, again.textsPath].compactMap({ $0 }) {
        try? FileSystem.removeFile(target)
      }
    }
    _ = try run(again)
    for (own, other) in [(path, again.path), (textsPath ?? path, again.textsPath ?? again.path)]
    where try !FileSystem.haveEqualBytes(own, other) {
      throw OutputError(
        "\(own): is of other images, another model or other arguments; --overwrite replaces it")
    }
  }

  /// Removes an unfinished table.
  func removeWork() throws(FileError) {
    for target in [path, textsPath].compactMap({ $0 }) {
      try FileSystem.removeFile(GrowingFile.path(for: target))
    }
    try FileSystem.removeFile(journalPath)
  }
}
