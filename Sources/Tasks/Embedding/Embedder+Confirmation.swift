public import Files
public import Images
import Models

extension Embedder {
  /// Makes sure that a complete table is the one that a run would write, row by row: images may have
  /// changed under their names.
  ///
  /// Where columns depend on all rows, or a map is asked for, the table is made again beside it, and the map anew.
  ///
  /// - Throws: `OutputError` where it is not, `FileError` where it cannot be read, `Interrupted` after
  ///   a signal.
  ///
  /// A shard's record is written anew.
  public func confirm(
    _ folder: ImageFolder, _ output: EmbeddingOutput, map: Output? = nil,
    shard part: ShardRun? = nil
  ) throws {
    let whole = folder
    let folder = block(of: whole, part)
    guard !options.relatesRows, map == nil else {
      return try output.confirmByRepeating {
        try run(folder, into: $0, identity: "", map: map, reporter: TaskReporter())
      }
    }
    let reader = reader(isLabelled: folder.isLabelled)
    let head = reader.layout.head()
    // A matrix's head says how many rows there are, which is not known here.
    let hidden = reader.layout.format == .npy ? NumPyHeader.byteCount : 0
    var table = try WrittenTable(output.path, passing: hidden)
    var texts = try output.textsPath.map { try WrittenTable($0, passing: 0) }
    try table.pass(Array(head.table.dropFirst(hidden)), nil)
    try texts?.pass(head.texts, nil)
    let entries = folder.entries
    var (rows, skipped) = (0, folder.problems.count)
    for start in stride(from: 0, to: entries.count, by: blockSize) {
      let block = start..<min(entries.count, start + blockSize)
      let tiles = try embed(block, of: folder, reader)
      for (place, tile) in tiles.enumerated() {
        rows += tile.images
        skipped += tile.problems.count
        let name = entries[start + place * Tiles.size].relativePath
        try table.pass(tile.rows.table, name)
        try texts?.pass(tile.rows.texts, name)
      }
      try stopIfAsked()
    }
    try table.end()
    try texts?.end()
    try part.map { try writeRecord($0, of: whole, output, rows: rows, skipped: skipped) }
  }
}

/// A table that is compared with what it should hold, from its beginning on.
private struct WrittenTable {
  private let path: String
  private let bytes: [UInt8]
  private var place: Int

  init(_ path: String, passing hidden: Int) throws(FileError) {
    self.path = path
    bytes = try FileSystem.readBytes(path)
    place = min(hidden, bytes.count)
  }

  /// Goes on by what comes next.
  ///
  /// - Parameter name: the image of the first row of that.
  mutating func pass(_ next: [UInt8], _ name: String?) throws(OutputError) {
    guard bytes[place...].starts(with: next) else { throw refusal(name) }
    place += next.count
  }

  /// Makes sure that nothing is left.
  func end() throws(OutputError) {
    guard place == bytes.count else { throw refusal(nil) }
  }

  private func refusal(_ name: String?) -> OutputError {
    let rows = name.map { " (see the rows from \($0) on)" } ?? ""
    return OutputError(
      "\(path): is of other images, another model or other arguments\(rows); --overwrite replaces it"
    )
  }
}
