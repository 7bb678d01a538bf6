import Files

/// How far a table of embeddings is, so that a run that was killed can go on.
///
/// Records of a ``Journal``: `skipped,MESSAGE` for each image left out; and, after each block of
/// images, `done,ENTRIES,IMAGES,BYTES,TEXTS,DIGEST`: entries of the listing behind, rows written, the
/// sizes of the files then, and the digest of the contents of the block's images.
struct EmbeddingJournal {
  /// A state of the work.
  struct State: Equatable {
    /// Entries of the listing behind.
    var entries = 0
    /// Rows written.
    var images = 0
    /// Bytes of the table.
    var tableBytes = 0
    /// Bytes of the texts beside it.
    var textBytes = 0
    /// What was skipped up to here.
    var skipped: [String] = []
    /// The digest of the contents of the last block's images.
    var digest = ""
  }

  private let journal: Journal

  /// Begins a journal, or opens that of an earlier run of the same identity.
  ///
  /// - Parameters:
  ///   - output: the table, for messages.
  ///   - digest: that of the contents of some entries' images as they are now: what an earlier run made
  ///     of others does not count, and neither does what follows.
  /// - Returns: the journal and what the earlier run has done.
  static func open(
    _ path: String, of output: String, identity: String, resuming: Bool,
    digest: (Range<Int>) throws -> String
  ) throws -> (journal: EmbeddingJournal, state: State) {
    let kind = "embedding"
    guard resuming, FileSystem.exists(path) else {
      let journal = try Journal.begin(path, kind: kind, identity: identity)
      return (EmbeddingJournal(journal: journal), State())
    }
    let (journal, records) = try Journal.resume(
      path, of: output, kind: kind, identity: identity,
      whole: { records in
        // Up to the last whole block: what was skipped after it will be met again.
        var (kept, entries) = (0, 0)
        for (place, record) in records.enumerated() where isBlock(record) {
          guard let end = Int(record[1]), end > entries, try digest(entries..<end) == record[5]
          else { break }
          (kept, entries) = (place + 1, end)
        }
        return kept
      })
    return (EmbeddingJournal(journal: journal), state(records))
  }

  /// Notes a block whose rows are written, and what it left out.
  func append(_ state: State, skipping problems: ArraySlice<String>) throws {
    let numbers = [state.entries, state.images, state.tableBytes, state.textBytes]
    try journal.append(
      problems.map { ["skipped", $0] } + [["done"] + numbers.map(String.init) + [state.digest]])
  }

  /// Forgets the journal of a table that is complete.
  func finish() throws { try journal.finish() }

  private static func isBlock(_ record: [String]) -> Bool {
    record.count == 6 && record[0] == "done" && record[1...4].allSatisfy { Int($0) != nil }
  }

  /// What the records up to the last block say.
  private static func state(_ records: [[String]]) -> State {
    guard let last = records.last, isBlock(last) else { return State() }
    let numbers = last[1...4].compactMap { Int($0) }
    return State(
      entries: numbers[0], images: numbers[1], tableBytes: numbers[2], textBytes: numbers[3],
      skipped: records.filter { $0.count == 2 && $0[0] == "skipped" }.map { $0[1] },
      digest: last[5])
  }
}
