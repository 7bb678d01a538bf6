import Tensors

/// All images of a fitting, a byte a value: which bin it falls into.
struct BinnedImages: Sendable {
  let shape: ImageShape
  let bins: LevelBins
  /// The class of each image, or nil where it is not known.
  private(set) var labels: [Int?] = []
  /// Row after row, `shape.dimensionCount` bytes an image.
  private(set) var values: [UInt8] = []

  init(shape: ImageShape) {
    self.shape = shape
    bins = LevelBins(levels: shape.levels)
  }

  /// The number of images.
  var count: Int { labels.count }

  /// Adds the images of a batch.
  mutating func append(_ batch: ImageBatch) {
    labels += batch.labels
    batch.levels.withValues { levels in
      for level in levels { values.append(UInt8(bins.bin(of: level))) }
    }
  }

  /// The rows of a table `[dimensions * bins, ...]` that an image's values stand for, without those in `reference`, which
  /// has a bin for each value.
  func rows(of image: Int, except reference: [UInt8]) -> [Int32] {
    var rows: [Int32] = []
    rows.reserveCapacity(reference.count)
    let start = image * reference.count
    values.withUnsafeBufferPointer { values in
      for (d, common) in reference.enumerated() where values[start + d] != common {
        rows.append(Int32(truncatingIfNeeded: d * bins.count + Int(values[start + d])))
      }
    }
    return rows
  }

  /// How far apart two images are: the sum over their values of the bins between them.
  func distance(_ first: Int, _ second: Int) -> Int {
    let size = shape.dimensionCount
    return values.withUnsafeBufferPointer { values in
      var sum: Int32 = 0
      for d in 0..<size {
        sum &+= abs(Int32(values[first * size + d]) &- Int32(values[second * size + d]))
      }
      return Int(sum)
    }
  }
}
