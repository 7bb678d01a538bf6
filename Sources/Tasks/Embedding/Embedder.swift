public import Files
public import Images
public import Models
import Tensors
public import Training

/// Turns a directory of images into a table of features, a row an image, in path order.
///
/// Each thread decodes and encodes tiles of a tile of images of its own, so that no core waits for
/// another's half of the work, and rows are written block by block: memory does not grow with the
/// number of images, but for their names.
public struct Embedder: Sendable {
  /// What came of a run.
  public struct Summary: Sendable, Equatable {
    /// Rows written, those of earlier runs included.
    public var images: Int
    /// Features a row.
    public var features: Int
    /// Rows that an earlier run had written.
    public var resumed: Int
    /// Inputs that were skipped.
    public var skipped: Int
  }

  private let encoder: FeatureEncoder
  private let classes: [String]
  let options: EmbeddingOptions
  let context: Context

  /// An embedder with this model.
  ///
  /// - Parameter classes: the names of the model's classes.
  /// - Throws: `EngineError.cannot` where the model cannot encode, or cannot classify or tell variances and shall.
  public init(
    _ model: any GenerativeModel, classes: [String], options: EmbeddingOptions, context: Context
  ) throws {
    var wanted = FeatureEncoder.Options()
    wanted.wantsVariances = options.writesVariances
    wanted.wantsPredictions = options.writesPredictions
    encoder = try FeatureEncoder(model, wanted, context)
    self.classes = classes
    self.options = options
    self.context = context
  }

  /// Writes a row for every image of a folder.
  ///
  /// - Parameters:
  ///   - identity: what the rows depend on besides options and listing, such as the model's digest:
  ///     a run is resumed where that is the same.
  ///   - map: a picture of all rows, near ones near each other; nil for none.
  ///   - part: where the run is a shard: the rows are those of its block, perhaps none, and a record beside the table says
  ///     so; no column depends on all rows then.
  ///   - reporter: told of skipped images and of progress.
  /// - Throws: `Interrupted` after a signal, with the work so far kept; `TaskError` where no image
  ///   can be used.
  public func run(
    _ folder: ImageFolder, into output: EmbeddingOutput, identity: String, map: Output? = nil,
    shard part: ShardRun? = nil, reporter: TaskReporter
  ) throws -> Summary {
    precondition(
      part == nil || !(options.relatesRows || map != nil), "a shard knows its rows alone")
    let whole = folder
    let folder = block(of: whole, part)
    for problem in folder.problems { try reporter.skip(problem.description) }
    let reader = reader(isLabelled: folder.isLabelled)
    var work = try EmbeddingWork(
      output, reader.layout, identity: self.identity(whole, identity, part?.shard),
      digest: { range in
        let tiles = context.run {
          Self.tiles(range) { EmbeddingReader.contents(folder.entries[$0], of: folder) }
        }
        try context.stopIfAsked("interrupted before it went on; --resume goes on")
        return EmbeddedTile.digest(tiles)
      })
    let resumed = work.state.images
    do {
      for problem in work.state.skipped { try reporter.skip(problem) }
      try context.run { try embed(folder, reader, &work, reporter) }
      guard work.state.images > 0 || part != nil else {
        throw TaskError("\(folder.root): no image could be embedded")
      }
      try context.run {
        try work.finish(adding: relate(work.writtenRows, classes: folder.classes, map)) {
          let skipped = work.state.skipped.count + folder.problems.count
          try part.map {
            try writeRecord($0, of: whole, output, rows: work.state.images, skipped: skipped)
          }
        }
      }
    } catch {
      if !(error is Interrupted) { work.discard() }
      throw error
    }
    return Summary(
      images: work.state.images, features: reader.layout.featureCount, resumed: resumed,
      skipped: work.state.skipped.count + folder.problems.count)
  }

  private func embed(
    _ folder: ImageFolder, _ reader: EmbeddingReader, _ work: inout EmbeddingWork,
    _ reporter: TaskReporter
  ) throws {
    let entries = folder.entries
    while work.state.entries < entries.count {
      let start = work.state.entries
      let end = min(entries.count, start + blockSize)
      let done = try embed(start..<end, of: folder, reader)
      try work.append(done, entries: end)
      for problem in done.flatMap(\.problems) { try reporter.skip(problem) }
      reporter.progress(.init(done: end, total: entries.count))
      if context.isStopRequested, end < entries.count {
        throw Interrupted("interrupted after \(end) of \(entries.count) images; --resume goes on")
      }
    }
  }

  /// Entries that are handled together.
  var blockSize: Int { max(ThreadPool.threads, Tiles.count(options.batchSize)) * Tiles.size }

  /// The rows of some entries, a tile a thread.
  func embed(
    _ block: Range<Int>, of folder: ImageFolder, _ reader: EmbeddingReader
  ) throws -> [EmbeddedTile] {
    try Self.tiles(block) { range in
      Result { try reader.tile(folder.entries[range], of: folder) }
    }.map { try $0.get() }
  }

  /// Ends work that leaves nothing to go on with.
  func stopIfAsked() throws { try context.stopIfAsked("interrupted; nothing was changed") }

  /// Works on some entries, a tile a thread.
  private static func tiles<Value: Sendable>(
    _ entries: Range<Int>, _ work: @Sendable (Range<Int>) -> Value
  ) -> [Value] {
    ThreadPool.map(Tiles.count(entries.count)) { tile in
      let range = Tiles.range(tile, of: entries.count)
      return work(entries.lowerBound + range.lowerBound..<entries.lowerBound + range.upperBound)
    }
  }

  func reader(isLabelled: Bool) -> EmbeddingReader {
    EmbeddingReader(
      encoder: encoder,
      layout: EmbeddingLayout(
        format: options.format, isLabelled: isLabelled, featureCount: encoder.featureCount,
        hasVariances: options.writesVariances, classes: encoder.predicts ? classes : nil),
      resizes: options.resizes)
  }

  private func identity(_ folder: ImageFolder, _ identity: String, _ shard: Shard?) -> String {
    let block = shard.map { " shard=\($0)" } ?? ""
    return RunIdentity([
      (.model, identity),
      (.arguments, "\(options.identity(context.precision)) \(folder.root)\(block)"),
      (.images, folder.entries.map(\.relativePath).joined(separator: "\0")),
    ]).text
  }
}
