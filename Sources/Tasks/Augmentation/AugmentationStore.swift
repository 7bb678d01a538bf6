import Files
import Images
import Models
import Tensors
import Training

/// Where the images of a run go, and what stands there already.
protocol AugmentationStore {
  /// The line of an image that an earlier run has made; nil where there is none, or its file has gone.
  mutating func takeDone(_ file: String) throws -> AugmentationRow?
  /// Where images are kept, for messages.
  var title: String { get }
  /// Takes in images with their lines.
  mutating func keep(_ made: [(image: MadeImage, row: AugmentationRow)]) throws
}

/// A run directory: image files, and a journal of their lines.
struct AugmentationDirectory: AugmentationStore {
  private let directory: OutputDirectory
  private let journal: RunJournal<AugmentationRow>
  private let shape: ImageShape
  private var former: [ExactText: [AugmentationRow]]

  /// The directory of a run whose images have this shape.
  ///
  /// - Parameter identity: equal for runs that may go on with each other's work.
  init(_ directory: OutputDirectory, identity: String, shape: ImageShape) throws {
    self.directory = directory
    self.shape = shape
    journal = try RunJournal(in: directory, identity: identity)
    former = journal.done
  }

  var title: String { directory.path }

  mutating func takeDone(_ file: String) throws -> AugmentationRow? {
    try directory.place(for: file)
    guard let row = former.removeValue(forKey: ExactText(file))?.last,
      FileSystem.isRegularFile(directory.file(file))
    else { return nil }
    return row
  }

  /// Removes what an earlier run has made and nobody has asked for now.
  func removeOthers() throws {
    for file in former.keys { try directory.remove(file.text) }
  }

  func keep(_ made: [(image: MadeImage, row: AugmentationRow)]) throws {
    let paths = try made.map { try directory.place(for: $0.row.file) }
    let results = ThreadPool.map(Tiles.count(made.count)) { [shape] tile in
      Result {
        for place in Tiles.range(tile, of: made.count) {
          try ImageFile.write(
            PixelLevels.image(made[place].image.levels, shape: shape), to: paths[place])
        }
      }
    }
    for result in results { try result.get() }
    try journal.append(made.map(\.row))
  }

  /// Writes `manifest.csv` of these lines.
  func writeManifest(_ rows: [AugmentationRow]) throws {
    let lines = rows.map { CSV.line($0.fields) }
    try directory.write(
      Array((CSV.line(AugmentationRow.header) + lines.joined()).utf8),
      to: AugmentationRow.resultsName)
  }

  /// Forgets the journal of a run that is complete.
  func finish() throws { try journal.finish() }
}

/// Images that stay in memory.
struct AugmentationMemory: AugmentationStore {
  private var images: [ExactText: [Float]] = [:]

  var title: String { "memory" }

  /// Nothing stands there already.
  func takeDone(_ file: String) -> AugmentationRow? { nil }

  mutating func keep(_ made: [(image: MadeImage, row: AugmentationRow)]) {
    for (image, row) in made { images[ExactText(row.file)] = image.levels }
  }

  /// The images of these lines, labelled by their classes, like the images of a data set.
  func dataset(_ rows: [AugmentationRow], like dataset: ImageDataset) -> ImageDataset {
    let places = ExactText.places(of: dataset.classes)
    return dataset.alike(
      levels: rows.map { images[ExactText($0.file)] ?? [] }, labels: rows.map { places[$0.label] },
      paths: rows.map(\.file))
  }
}
