import Files
public import Images
import Models

extension Embedder {
  /// Makes sure that a complete table is the one that a run would write: by its head, its first
  /// rows and its last ones.
  ///
  /// - Throws: `OutputError` where it is not, `FileError` where it cannot be read.
  public func confirm(_ folder: ImageFolder, _ output: EmbeddingOutput) throws {
    let reader = reader(isLabelled: folder.isLabelled)
    let (layout, head) = (reader.layout, reader.layout.head())
    let last = Tiles.range(Tiles.count(folder.entries.count) - 1, of: folder.entries.count)
    let (start, end) = (
      reader.tile(folder.entries.prefix(Tiles.size), of: folder).rows,
      reader.tile(folder.entries[last], of: folder).rows
    )
    // A matrix's head says how many rows there are, which is not known here.
    let hidden = layout.format == .npy ? NumPyHeader.byteCount : 0
    try Self.check(output.path, passing: hidden, head.table + start.table, end.table)
    if let path = output.textsPath {
      try Self.check(path, passing: 0, head.texts + start.texts, end.texts)
    }
  }

  private static func check(
    _ path: String, passing hidden: Int, _ start: [UInt8], _ end: [UInt8]
  ) throws {
    let bytes = try FileSystem.readBytes(path)
    guard bytes.dropFirst(hidden).starts(with: start.dropFirst(hidden)),
      bytes.suffix(end.count).elementsEqual(end)
    else {
      throw OutputError(
        "\(path): is of other images, another model or other arguments; --overwrite replaces it")
    }
  }
}
