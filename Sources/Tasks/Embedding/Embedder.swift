import Files
public import Images
public import Models
import Tensors
import Training

/// Turns a directory of images into a table of features, a row an image, in path order.
///
/// Each thread decodes and encodes tiles of `tileSize` images of its own, so that no core waits for
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

  let model: any Encoding
  let classifier: (any Classifying)?
  let classes: [String]
  let options: EmbeddingOptions

  /// An embedder with this model.
  ///
  /// - Parameter classes: the names of the model's classes.
  /// - Throws: `ModelError` where the model cannot encode, or cannot classify and shall; `TaskError`
  ///   where its encoder has no variances and they are asked for.
  public init(
    _ model: any GenerativeModel, classes: [String], options: EmbeddingOptions
  ) throws {
    guard let encoder = model as? any Encoding else {
      throw Zoo.lacking("encode", type(of: model))
    }
    self.model = encoder
    self.classes = classes
    self.options = options
    classifier = options.writesPredictions ? model as? any Classifying : nil
    if options.writesPredictions {
      guard classifier != nil else { throw Zoo.lacking("classify", type(of: model)) }
      guard !classes.isEmpty else {
        throw TaskError("--predict: the model was trained without classes; train it with labels")
      }
    }
    guard options.writesVariances else { return }
    let shape = model.shape
    let black = Tensor(
      repeating: 0, shape: [tileSize, shape.height, shape.width, shape.channels])
    guard numbers(black).variances != nil else {
      throw TaskError(
        "--variance: '\(type(of: model).card.name)' encodes an image as a point, without variances")
    }
  }

  /// Writes a row for every image of a folder.
  ///
  /// - Parameters:
  ///   - identity: what the rows depend on besides options and listing, such as the model's digest:
  ///     a run is resumed where that is the same.
  ///   - reporter: told of skipped images and of progress.
  /// - Throws: `Interrupted` after a signal, with the work so far kept; `TaskError` where no image
  ///   can be used.
  public func run(
    _ folder: ImageFolder, into output: EmbeddingOutput, identity: String, reporter: TaskReporter
  ) throws -> Summary {
    for problem in folder.problems { try reporter.skip(problem.description) }
    let layout = layout(isLabelled: folder.isLabelled)
    var work = try EmbeddingWork(output, layout, identity: self.identity(folder, identity))
    let resumed = work.state.images
    do {
      for problem in work.state.skipped { try reporter.skip(problem) }
      try embed(folder, layout, &work, reporter)
      guard work.state.images > 0 else {
        throw TaskError("\(folder.root): no image could be embedded")
      }
      try work.finish()
    } catch {
      if !(error is Interrupted) { work.discard() }
      throw error
    }
    return Summary(
      images: work.state.images, features: layout.featureCount, resumed: resumed,
      skipped: work.state.skipped.count + folder.problems.count)
  }

  private func embed(
    _ folder: ImageFolder, _ layout: EmbeddingLayout, _ work: inout EmbeddingWork,
    _ reporter: TaskReporter
  ) throws {
    let entries = folder.entries
    let tiles = max(ThreadPool.threads, (options.batchSize + tileSize - 1) / tileSize)
    while work.state.entries < entries.count {
      let start = work.state.entries
      let end = min(entries.count, start + tiles * tileSize)
      let count = (end - start + tileSize - 1) / tileSize
      let done = ThreadPool.map(count) { tile in
        let first = start + tile * tileSize
        return embedTile(entries[first..<min(end, first + tileSize)], of: folder, layout)
      }
      try work.append(done, entries: end)
      for problem in done.flatMap(\.problems) { try reporter.skip(problem) }
      reporter.progress(.init(done: end, total: entries.count))
      if Interruption.isRequested, end < entries.count {
        throw Interrupted("interrupted after \(end) of \(entries.count) images; --resume goes on")
      }
    }
  }

  func layout(isLabelled: Bool) -> EmbeddingLayout {
    EmbeddingLayout(
      format: options.format, isLabelled: isLabelled, featureCount: model.latentCount,
      hasVariances: options.writesVariances, classes: classifier == nil ? nil : classes)
  }

  private func identity(_ folder: ImageFolder, _ identity: String) -> String {
    var bytes = Array("\(identity)\0\(options.identity)\0\(folder.root)\0".utf8)
    for entry in folder.entries { bytes += Array(entry.relativePath.utf8) + [0] }
    return SHA256.hexadecimal(of: bytes)
  }
}
