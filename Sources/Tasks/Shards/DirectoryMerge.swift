public import Files

/// Joins the directories of shards into the one that a single run would have written.
public enum DirectoryMerge {
  /// What came of it.
  public struct Summary: Sendable, Equatable {
    /// Images in the results file.
    public var images = 0
    /// Inputs that the shards had skipped.
    public var skipped = 0
    /// Files that are hard links to those of parts.
    public var links = 0
    /// Files that were copied, and symbolic links that were made again.
    public var copies = 0
  }

  private static let filesName = "files"
  private static let othersName = "others"
  private static let resultsDigest = "results_sha256"
  private static let recordDigest = "run_sha256"

  /// What a shard's record says of its directory, when its results file and `run.json` are written.
  ///
  /// - Parameters:
  ///   - results: the name of the results file.
  ///   - identity: that of the run without shards.
  ///   - files: images that it has written and tells of in the results file.
  ///   - others: files that it has placed besides.
  static func details(
    of directory: OutputDirectory, results: String, identity: String, files: Int,
    others: [String] = []
  ) throws -> [(name: String, value: JSON)] {
    func digest(_ name: String) throws -> JSON {
      .text(try SHA256.hexadecimal(ofFile: directory.file(name)))
    }
    return [
      (ShardRecord.identityName, .text(identity)), (filesName, .integer(files)),
      (othersName, .list(others.map(JSON.text))),
      (resultsDigest, try digest(results)), (recordDigest, try digest(RunRecord.fileName)),
    ]
  }

  /// Joins parts, all of which are looked at before anything is written.
  ///
  /// A run that is killed leaves what a killed single run leaves: images and a journal.
  ///
  /// - Parameter progress: told how many files are there.
  /// - Throws: `TaskError` where a part is no longer what its shard has written; `OutputError`; `FileError`.
  public static func write(
    _ set: ShardSet, into directory: OutputDirectory,
    progress: (TaskReporter.Progress) -> Void = { _ in }
  ) throws -> Summary {
    switch set.record.task {
    case .impute:
      let parts = try DirectoryParts<CompletionRow>(set)
      guard parts.all.contains(where: { !$0.rows.isEmpty }) else {
        throw TaskError("\(NameList.text(set.parts.map(\.path))): no image could be completed")
      }
      return try write(
        parts, parts.rows, facts: [(RunRecord.inputsName, parts.inputs)], into: directory, progress)
    case .augment:
      let merge = AugmentationMerge(try DirectoryParts<AugmentationRow>(set))
      return try write(merge.parts, merge.rows, facts: try merge.facts, into: directory, progress)
    case .embed, .likelihood, .imputation: preconditionFailure("parts that are no directories")
    }
  }

  /// Joins parts whose results are these rows.
  static func write<Row: JournalRow>(
    _ parts: DirectoryParts<Row>, _ rows: [Row], facts: [(name: String, value: JSON)],
    into directory: OutputDirectory, _ progress: (TaskReporter.Progress) -> Void
  ) throws -> Summary {
    var summary = Summary()
    let journal = try RunJournal<Row>(in: directory, identity: try parts.identity)
    try directory.remove(ShardRecord.fileName)
    var done = 0
    for part in parts.all {
      for file in part.files {
        let target = try directory.place(for: file)
        if try FileCopy.place(part.part.file(file), at: target) {
          summary.links += 1
        } else {
          summary.copies += 1
        }
        done += 1
        progress(.init(done: done, total: parts.fileCount))
      }
      try journal.append(part.rows, digests: part.digests)
    }
    let table = CSV.line(Row.header) + rows.map { CSV.line($0.fields) }.joined()
    try directory.write(Array(table.utf8), to: Row.resultsName)
    try parts.record(writingTo: directory.path, facts).write(to: directory)
    try journal.finish()
    summary.images = Set(rows.map { ExactText($0.subject) }).count
    summary.skipped = parts.counts.last { $0.name == "skipped" }?.value ?? 0
    return summary
  }

  /// The identity of the whole run.
  static func identity(of part: ShardPart) throws -> String {
    try part.detail(ShardRecord.identityName, \.asText)
  }

  /// Makes sure that a part's texts are those that its shard has written.
  static func check(_ part: ShardPart, results: String) throws {
    try part.check(part.file(results), digest: resultsDigest)
    try part.check(part.file(RunRecord.fileName), digest: recordDigest)
  }

  /// Files of a part besides those of its results.
  static func others(of part: ShardPart) throws -> [String] {
    try part.detail(othersName) { $0.asList?.compactMap(\.asText) }
  }

  /// How many images a part's shard has written.
  static func fileCount(of part: ShardPart) throws -> Int {
    try part.detail(filesName, \.asInteger)
  }
}
