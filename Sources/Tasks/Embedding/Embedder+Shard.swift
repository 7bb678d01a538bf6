import Files
import Images
import Tensors
import Training

extension Embedder {
  /// The images that a run works on: all of them, or a shard's block.
  func block(of folder: ImageFolder, _ run: ShardRun?) -> ImageFolder {
    guard let shard = run?.shard else { return folder }
    return folder.block(
      shard.range(of: folder.entries.count), keepsProblems: shard.isFirst)
  }

  /// Writes what a shard says of itself, when its table has its name.
  func writeRecord(
    _ run: ShardRun, of folder: ImageFolder, _ output: EmbeddingOutput, rows: Int, skipped: Int
  ) throws {
    guard let path = output.shardPath else { return }
    let layout = reader(isLabelled: folder.isLabelled).layout
    let head = layout.head()
    let record = ShardRecord(
      .embed, run.shard, run.record,
      images: ShardRecord.fingerprint(of: folder.entries.map(\.relativePath)),
      options: "images=\(folder.root) \(options.shardText(context.precision))",
      details: [
        ("format", .text(options.format.rawValue)), ("rows", .integer(rows)),
        ("numbers", .integer(layout.numberCount)), ("skipped", .integer(skipped)),
        ("table_head", .integer(head.table.count)), ("texts_head", .integer(head.texts.count)),
        ("table_sha256", .text(try SHA256.hexadecimal(ofFile: output.path))),
        (
          "texts_sha256",
          try output.textsPath.map { .text(try SHA256.hexadecimal(ofFile: $0)) } ?? .null
        ),
      ])
    try AtomicFile.write(record.bytes, to: path)
  }
}

extension EmbeddingOptions {
  /// What tables have in common that can be joined.
  fileprivate func shardText(_ precision: ElementType) -> String {
    "format=\(format) variance=\(writesVariances) predict=\(writesPredictions) "
      + "resize=\(resizes) precision=\(precision)"
  }
}
