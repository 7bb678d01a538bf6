public import Files

/// Joins the tables of shards into the one that a single run would have written.
public struct EmbeddingMerge {
  /// What came of it.
  public struct Summary: Sendable, Equatable {
    /// Rows.
    public let images: Int
    /// Inputs that the shards had skipped.
    public let skipped: Int
  }

  private static let bytesAtOnce = 1 << 20

  private let set: ShardSet
  /// The kind of tables.
  public let format: EmbeddingOptions.Format

  /// A merge of these parts.
  ///
  /// - Throws: `TaskError` where one's record is damaged.
  public init(_ set: ShardSet) throws {
    precondition(set.record.task == .embed)
    self.set = set
    format = try set.parts[0].detail("format") {
      $0.asText.flatMap(EmbeddingOptions.Format.init)
    }
  }

  /// Writes the table, and the texts beside a matrix.
  ///
  /// - Throws: `TaskError` where a part is no longer what its shard has written, or none has a row; nothing is written
  ///   then.
  public func write(into output: EmbeddingOutput) throws -> Summary {
    let rows = try set.sum("rows")
    let skipped = try set.sum("skipped")
    guard rows > 0 else {
      throw TaskError("\(NameList.text(set.parts.map(\.path))): no image could be embedded")
    }
    for part in set.parts {
      try part.check(part.path, digest: "table_sha256")
      if format == .npy { try part.check(Self.texts(part), digest: "texts_sha256") }
    }
    let table = try AtomicFile(path: output.path)
    if format == .npy {
      let numbers = try set.parts[0].detail("numbers", \.asInteger)
      try table.write(NumPyHeader.float32(rows: rows, columns: numbers))
    }
    try join(\.path, head: "table_head", keepsHead: format == .csv, into: table)
    if let path = output.textsPath {
      let texts = try AtomicFile(path: path)
      try join(Self.texts, head: "texts_head", keepsHead: true, into: texts)
      try texts.commit()
    }
    try table.commit()
    return Summary(images: rows, skipped: skipped)
  }

  /// Every file that is read.
  public var inputs: Inputs {
    let files = set.parts.flatMap { part in
      [part.path, ShardRecord.path(beside: part.path)]
        + (format == .npy ? [Self.texts(part)] : [])
    }
    return Inputs(files, endings: [])
  }

  private static func texts(_ part: ShardPart) -> String {
    EmbeddingOutput.textsPath(beside: part.path)
  }

  /// Adds a file of each part, the head of the first one at most.
  private func join(
    _ file: (ShardPart) -> String, head: String, keepsHead: Bool, into target: AtomicFile
  ) throws {
    for (number, part) in set.parts.enumerated() {
      let path = file(part)
      var offset = keepsHead && number == 0 ? 0 : try part.detail(head, \.asInteger)
      while true {
        let bytes = try FileSystem.readBytes(path, from: offset, count: Self.bytesAtOnce)
        if bytes.isEmpty { break }
        try target.write(bytes)
        offset += bytes.count
      }
    }
  }
}
