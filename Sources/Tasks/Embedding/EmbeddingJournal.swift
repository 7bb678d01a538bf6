import Files

/// How far a table of embeddings is, so that a run that was killed can go on.
///
/// Lines of CSV: a head with the run's identity; `skipped,MESSAGE` for each image left out; and,
/// after each block of images, `done,ENTRIES,IMAGES,BYTES,TEXTS`: entries of the listing behind,
/// rows written, and the sizes of the files then. Rows are written before their line, so that a
/// line never promises too much.
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
  }

  private let path: String

  /// Begins a journal, or opens that of an earlier run of the same identity.
  ///
  /// - Returns: the journal and what the earlier run has done.
  static func open(
    _ path: String, identity: String, resuming: Bool
  ) throws -> (journal: EmbeddingJournal, state: State) {
    let journal = EmbeddingJournal(path: path)
    let head = CSV.line(["lacuna-embedding", "1", identity])
    if resuming, FileSystem.exists(path) {
      let text = String(decoding: try FileSystem.readBytes(path), as: UTF8.self)
      let lines = CSV.lines(of: text)
      guard let first = lines.first, first.count == 3, first[0] == "lacuna-embedding" else {
        throw OutputError("\(path): is damaged; --overwrite starts again")
      }
      guard first[2] == identity else {
        throw OutputError(
          "\(path): is of a run with other images, another model or other arguments; resume with "
            + "the same, or start again with --overwrite")
      }
      let state = Self.state(lines.dropFirst())
      // Anew, without what came after the last whole block.
      try AtomicFile.write(Array((head + journal.lines(state)).utf8), to: path)
      return (journal, state)
    }
    try AtomicFile.write(Array(head.utf8), to: path)
    return (journal, State())
  }

  private init(path: String) { self.path = path }

  /// Notes a block whose rows are written, and what it left out.
  func append(_ state: State, skipping problems: ArraySlice<String>) throws {
    var added = state
    added.skipped = Array(problems)
    try GrowingFile.append(Array(lines(added).utf8), to: path)
  }

  private func lines(_ state: State) -> String {
    let numbers = [state.entries, state.images, state.tableBytes, state.textBytes]
    return state.skipped.map { CSV.line(["skipped", $0]) }.joined()
      + CSV.line(["done"] + numbers.map(String.init))
  }

  private static func state(_ lines: ArraySlice<[String]>) -> State {
    var state = State()
    var skipped: [String] = []
    for line in lines {
      if line.count == 2, line[0] == "skipped" { skipped.append(line[1]) }
      let numbers = line.dropFirst().compactMap { Int($0) }
      guard line.count == 5, line[0] == "done", numbers.count == 4 else { continue }
      state = State(
        entries: numbers[0], images: numbers[1], tableBytes: numbers[2], textBytes: numbers[3],
        skipped: skipped)
    }
    return state
  }
}
