public import Models
import Tensors

/// The images of a directory, decoded and ready to train: one byte a value, whatever the file was.
public struct ImageDataset: Sendable {
  /// What all images have in common, as models see them.
  public let shape: ImageShape
  /// The seed of the draws that make two levels of 256, where pixels are drawn (`Binarization.dynamic`).
  let drawingSeed: UInt64?
  /// The class names in byte order; empty for unlabelled data.
  public let classes: [String]
  /// The class of each image, or nil where it has none.
  public let labels: [Int?]
  /// The path of each image, relative to the directory.
  public let paths: [String]
  /// Levels of all images, one after another; shades where pixels are drawn.
  let levels: [UInt8]
  /// What was skipped, and why.
  public let problems: [String]

  init(
    shape: ImageShape, classes: [String], labels: [Int?], paths: [String], levels: [UInt8],
    drawingSeed: UInt64?, problems: [String] = []
  ) {
    precondition(levels.count == paths.count * shape.dimensionCount)
    self.shape = shape
    self.drawingSeed = drawingSeed
    self.classes = classes
    self.labels = labels
    self.paths = paths
    self.levels = levels
    self.problems = problems
  }

  /// Whether pixels are drawn by their shades (`Binarization.dynamic`).
  public var isDrawn: Bool { drawingSeed != nil }

  /// The number of images.
  public var count: Int { paths.count }

  /// A batch of these images, in this order; where pixels are drawn, the same ones for an image each time.
  public func batch(_ indices: [Int]) -> ImageBatch {
    let stored = storedBatch(indices)
    guard let drawingSeed else { return stored }
    return stored.drawn(
      indices.map { index in
        var hash = StableHash()
        hash.take(paths[index])
        return RandomSource(seed: drawingSeed, purpose: .binarization, index: hash.value)
      })
  }

  /// The levels of these images, one by one.
  package func images(_ indices: [Int]) -> [[Float]] {
    let size = shape.dimensionCount
    let levels = batch(indices).levels.values
    return indices.indices.map { Array(levels[$0 * size..<($0 + 1) * size]) }
  }

  /// A batch of these images to learn from.
  ///
  /// - Parameters:
  ///   - transforms: how much each is moved about.
  ///   - seed: with `step`, decides these and the pixels that are drawn.
  ///   - first: the place of the first image in the step's batch, of which this may be a part.
  func batch(
    _ indices: [Int], transforms: TransformStrength, seed: UInt64, step: Int, first: Int
  ) -> ImageBatch {
    let moved = storedBatch(indices).warped(
      transforms, shape: storedShape, RandomSource(seed: seed, purpose: .transforms).at(step),
      first: first, isElastic: true)
    guard drawingSeed != nil else { return moved }
    let random = RandomSource(seed: seed, purpose: .binarization).at(step)
    return moved.drawn(indices.indices.map { random.derived(first + $0) })
  }

  /// What the stored levels are levels of.
  private var storedShape: ImageShape {
    isDrawn ? shape.with(levels: 256) : shape
  }

  /// A batch of the levels as they are stored.
  private func storedBatch(_ indices: [Int]) -> ImageBatch {
    let size = shape.dimensionCount
    let tensor = Tensor(shape: [indices.count, shape.height, shape.width, shape.channels]) {
      buffer in
      for (place, index) in indices.enumerated() {
        for i in 0..<size { buffer[place * size + i] = Float(levels[index * size + i]) }
      }
    }
    return ImageBatch(
      levels: tensor, labels: classes.isEmpty ? nil : indices.map { labels[$0] })
  }

  /// The data set of these images alone.
  public func subset(_ indices: [Int]) -> ImageDataset {
    let size = shape.dimensionCount
    return ImageDataset(
      shape: shape, classes: classes, labels: indices.map { labels[$0] },
      paths: indices.map { paths[$0] },
      levels: indices.flatMap { levels[$0 * size..<($0 + 1) * size] }, drawingSeed: drawingSeed)
  }

  /// The same images without classes.
  public var unlabelled: ImageDataset {
    ImageDataset(
      shape: shape, classes: [], labels: [Int?](repeating: nil, count: count), paths: paths,
      levels: levels, drawingSeed: drawingSeed, problems: problems)
  }

  /// A number that changes with any image, class, label, path or draw of pixels (FNV-1a, 64 bits), as hexadecimal text.
  public var fingerprint: String {
    var hash = StableHash()
    levels.withUnsafeBytes { hash.take($0) }
    if let drawingSeed { hash.take("drawn \(drawingSeed)") }
    // A zero ends each text: none has one inside.
    for name in classes {
      hash.take(name)
      hash.take(0)
    }
    for (path, label) in zip(paths, labels) {
      hash.take(path)
      hash.take(0)
      // No number of a class is that of none.
      hash.take(label.map(UInt64.init) ?? .max)
    }
    let text = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
