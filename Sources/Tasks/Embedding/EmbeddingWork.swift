import Files

/// A table of embeddings under way: its files and its journal.
struct EmbeddingWork {
  private let output: EmbeddingOutput
  private let layout: EmbeddingLayout
  private let journal: EmbeddingJournal
  private let table: GrowingFile
  private let texts: GrowingFile?
  /// How far it is.
  private(set) var state: EmbeddingJournal.State

  /// Begins, or goes on where an earlier run of the same identity was.
  ///
  /// - Parameter digest: see ``EmbeddingJournal/open(_:of:identity:resuming:digest:)``.
  init(
    _ output: EmbeddingOutput, _ layout: EmbeddingLayout, identity: String,
    digest: (Range<Int>) throws -> String
  ) throws {
    self.output = output
    self.layout = layout
    if output.policy == .overwrite { try output.removeWork() }
    var former: EmbeddingJournal.State
    (journal, former) = try EmbeddingJournal.open(
      output.journalPath, of: output.path, identity: identity, resuming: output.policy == .resume,
      digest: digest)
    if former.entries > 0, let files = try? Self.files(of: output, former) {
      (table, texts) = files
    } else {
      // Nothing is done, or what was done is gone.
      former = EmbeddingJournal.State()
      (table, texts) = try Self.files(of: output, former)
      let head = layout.head()
      try table.append(head.table)
      try texts?.append(head.texts)
    }
    state = former
  }

  private static func files(
    of output: EmbeddingOutput, _ state: EmbeddingJournal.State
  ) throws -> (table: GrowingFile, texts: GrowingFile?) {
    let table = try GrowingFile(for: output.path, keeping: state.tableBytes)
    guard let target = output.textsPath else { return (table, nil) }
    return (table, try GrowingFile(for: target, keeping: state.textBytes))
  }

  /// Writes the rows of a block and notes it.
  mutating func append(_ tiles: [EmbeddedTile], entries: Int) throws {
    let before = state.skipped.count
    for tile in tiles {
      try table.append(tile.rows.table)
      try texts?.append(tile.rows.texts)
      state.images += tile.images
      state.skipped += tile.problems
    }
    state.entries = entries
    state.digest = EmbeddedTile.digest(tiles.map(\.contents))
    (state.tableBytes, state.textBytes) = (table.count, texts?.count ?? 0)
    try journal.append(state, skipping: state.skipped[before...])
  }

  /// The rows that are written, for what depends on all of them.
  var writtenRows: WrittenRows {
    WrittenRows(tablePath: table.path, textsPath: texts?.path, layout: layout, count: state.images)
  }

  /// Gives the files their names; the journal is gone then.
  ///
  /// - Parameters:
  ///   - columns: what is added to the lines of the table, or of the texts beside a matrix, at last.
  ///   - end: what is written when the files have their names.
  func finish(adding columns: RelatedColumns? = nil, then end: () throws -> Void) throws {
    if layout.format == .npy { try table.replaceStart(layout.head(rows: state.images).table) }
    if let columns {
      let (lines, target) = (texts ?? table, output.textsPath ?? output.path)
      try columns.write(lines.path, into: target)
      if texts != nil { try table.commit() }
      try FileSystem.removeFile(lines.path)
    } else {
      try texts?.commit()
      try table.commit()
    }
    try end()
    try journal.finish()
  }

  /// Removes all that was done.
  func discard() { try? output.removeWork() }
}
