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

  /// The bytes of one image.
  subscript(image: Int) -> ArraySlice<UInt8> {
    values[image * shape.dimensionCount..<(image + 1) * shape.dimensionCount]
  }

  /// Adds the images of a batch.
  mutating func append(_ batch: ImageBatch) {
    labels += batch.labels ?? [Int?](repeating: nil, count: batch.count)
    batch.levels.withValues { levels in
      for level in levels { values.append(UInt8(bins.bin(of: level))) }
    }
  }

  /// The rows of a table `[dimensions * bins, ...]` that an image's values stand for.
  func rows(of image: Int) -> [Int32] {
    self[image].enumerated().map { d, bin in
      Int32(truncatingIfNeeded: d * bins.count + Int(bin))
    }
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
