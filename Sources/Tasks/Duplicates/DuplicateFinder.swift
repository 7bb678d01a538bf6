public import Images
public import Models
import Tensors
public import Training

/// Finds images of a directory that are there more than once: the same picture whatever the file, and, with a model that
/// encodes, pictures whose features are nearly the same.
///
/// Images are read a block at a time; a digest an image stays in memory, and features are kept in a file without a name.
public struct DuplicateFinder: Sendable {
  /// The share of the distance to its surroundings within which an image is a near duplicate, unless another is given.
  ///
  /// Of 800 grey digits and as many photographs that were compressed again, brightened, moved by a pixel or scaled down and up, this
  /// found 65 % of the digits and 99 % of the photographs, and of 10000 and 1000 images without known duplicates 0.3 % and none.
  public static let usualShare = 0.4

  private let encoder: FeatureEncoder?
  private let share: Double
  private let context: Context

  /// A finder.
  ///
  /// - Parameters:
  ///   - model: what encodes images; nil: only the same pictures are looked for.
  ///   - share: how near is near; see ``usualShare``.
  /// - Throws: `EngineError.cannot` where the model cannot encode.
  public init(
    _ model: (any GenerativeModel)?, share: Double = usualShare, context: Context
  ) throws {
    encoder = try model.map { try FeatureEncoder($0, FeatureEncoder.Options(), context) }
    self.share = share
    self.context = context
  }

  /// Looks through the images of a folder.
  ///
  /// - Throws: `Interrupted` after a signal; `TaskError` where no image can be used.
  public func run(_ folder: ImageFolder, reporter: TaskReporter) throws -> DuplicateReport {
    for problem in folder.problems { try reporter.skip(problem.description) }
    var collection = try PictureCollection(featureCount: encoder?.featureCount)
    try context.run {
      try read(folder, into: &collection, reporter)
      guard !collection.images.isEmpty else {
        throw TaskError("\(folder.root): no image could be read")
      }
      try collection.joinNear(share: share, context)
    }
    var report = collection.report(folder)
    report.skipped += folder.problems.count
    report.includesNear = encoder != nil
    return report
  }

  private func read(
    _ folder: ImageFolder, into collection: inout PictureCollection, _ reporter: TaskReporter
  ) throws {
    let entries = folder.entries
    let blockSize = 4 * ThreadPool.threads * Tiles.size
    for start in stride(from: 0, to: entries.count, by: blockSize) {
      try context.stopIfAsked("interrupted; nothing was written")
      let block = Array(start..<min(entries.count, start + blockSize))
      let read = ThreadPool.map(Tiles.count(block.count)) { tile in
        let places = block[Tiles.range(tile, of: block.count)]
        return Result { try self.tile(places, of: folder) }
      }
      for picture in try read.flatMap({ try $0.get() }) {
        if let problem = picture.problem { try reporter.skip(problem) }
        try collection.take(picture)
      }
      reporter.progress(.init(done: start + block.count, total: entries.count))
    }
  }

  /// Reads some images, and encodes them where there is a model, on the calling thread.
  private func tile(
    _ places: ArraySlice<Int>, of folder: ImageFolder
  ) throws -> [ReadPicture] {
    var pictures: [ReadPicture] = []
    var levels: [[Float]] = []
    for place in places {
      let path = folder.path(of: folder.entries[place])
      do throws(ImageError) {
        let image = try ImageFile.read(path)
        pictures.append(ReadPicture(place: place, digest: PictureDigest.digest(of: image)))
        if let encoder { levels.append(encoder.levels(of: image)) }
      } catch {
        if error.isFailureOfTheRun { throw error }
        pictures.append(ReadPicture(place: place, problem: "\(error)"))
      }
    }
    guard let encoder else { return pictures }
    var features = encoder.encode(levels)[...]
    for number in pictures.indices where pictures[number].digest != nil {
      guard let next = features.popFirst() else { break }
      if next.isFinite {
        pictures[number].features = next.means
      } else {
        let path = folder.path(of: folder.entries[pictures[number].place])
        pictures[number].problem = "\(path): \(encoder.notFinite)"
        pictures[number].digest = nil
      }
    }
    return pictures
  }
}
