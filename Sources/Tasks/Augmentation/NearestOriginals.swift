import Models
public import Tensors
public import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the nearest of many images: the distance is the root mean square of the differences of
/// pixels, whose values are 0...1.
///
/// |a - b|² = |a|² + |b|² - 2 a·b, and all a·b of a block of images are one matrix product. Products
/// have blocks of one size, padded, because their rounding can depend on it; the winner's distance
/// is then computed anew from whole numbers, so that it is exact, and zero for a copy.
public struct NearestOriginals: Sendable {
  /// An image and how far it is.
  public struct Match: Sendable, Equatable {
    /// The place of the image in the data set.
    public let index: Int
    /// The root mean square of the differences, 0...1.
    public let distance: Double
  }

  /// Images of the data set in a product.
  static let blockSize = 512
  /// Images asked about in a product.
  static let queryCount = 128

  private let dataset: ImageDataset
  private let indices: [Int]
  private let norms: [Float]
  private let size: Int

  /// A finder among these images of a data set.
  public init(_ dataset: ImageDataset, among indices: [Int]) {
    self.dataset = dataset
    self.indices = indices
    size = dataset.shape.dimensionCount
    let size = size
    let blocks = (indices.count + Self.blockSize - 1) / Self.blockSize
    norms = ThreadPool.map(blocks) { block -> [Float] in
      let range = Self.range(block, of: indices.count)
      return dataset.batch(Array(indices[range])).levels.withValues { values in
        Self.norms(values, size: size)
      }
    }.flatMap { $0 }
  }

  /// The nearest image to each of some images.
  ///
  /// - Parameters:
  ///   - queries: float32 `[images, ...]`, levels.
  ///   - excluding: for each of them the place in the data set of an image that does not count,
  ///     such as itself.
  /// - Returns: a match each; nil where there is no other image.
  public func matches(_ queries: Tensor, excluding: [Int]? = nil) -> [Match?] {
    let count = queries.shape[0]
    let tiles = Self.tiles(queries, size: size)
    let blocks = (indices.count + Self.blockSize - 1) / Self.blockSize
    let found = ThreadPool.map(blocks) { block -> [Candidate] in
      let range = Self.range(block, of: indices.count)
      let images = padded(range)
      var best = [Candidate](repeating: Candidate(), count: count)
      for (tile, rows) in tiles.enumerated() {
        let products = rows.multiplied(by: images, transposingOther: true)
        products.withValues { values in
          for row in 0..<min(Self.queryCount, count - tile * Self.queryCount) {
            let query = tile * Self.queryCount + row
            best[query] = nearest(
              values, row: row, range, excluding: excluding.map { $0[query] })
          }
        }
      }
      return best
    }
    return queries.withValues { values in
      (0..<count).map { query in
        var winner = Candidate()
        for block in found where block[query].score < winner.score { winner = block[query] }
        guard winner.place >= 0 else { return nil }
        let index = indices[winner.place]
        return Match(
          index: index,
          distance: distance(values[query * size..<(query + 1) * size], to: index))
      }
    }
  }

  /// A place among the indices, and |b|² - 2 a·b there.
  private struct Candidate {
    var place = -1
    var score = Float.infinity
  }

  /// The best of a block for one row of products.
  private func nearest(
    _ products: UnsafeBufferPointer<Float>, row: Int, _ range: Range<Int>, excluding: Int?
  ) -> Candidate {
    let start = row * Self.blockSize
    return norms.withUnsafeBufferPointer { norms in
      var best = Candidate()
      for place in range {
        let score = norms[place] - 2 * products[start + place - range.lowerBound]
        if score < best.score, indices[place] != excluding {
          best = Candidate(place: place, score: score)
        }
      }
      return best
    }
  }

  /// The exact distance of an image's levels to an image of the data set.
  private func distance(_ levels: Slice<UnsafeBufferPointer<Float>>, to index: Int) -> Double {
    dataset.batch([index]).levels.withValues { other in
      var sum = 0.0
      for (a, b) in zip(levels, other) { sum += Double(a - b) * Double(a - b) }
      return sqrt(sum / Double(size)) / Double(dataset.shape.levels - 1)
    }
  }

  private func padded(_ range: Range<Int>) -> Tensor {
    Self.rows(
      dataset.batch(Array(indices[range])).levels, 0..<range.count, Self.blockSize, size: size)
  }

  private static func tiles(_ queries: Tensor, size: Int) -> [Tensor] {
    stride(from: 0, to: queries.shape[0], by: queryCount).map { start in
      rows(queries, start..<min(queries.shape[0], start + queryCount), queryCount, size: size)
    }
  }

  /// Some images as rows of a matrix of `count` rows, the last ones zero.
  private static func rows(
    _ images: Tensor, _ range: Range<Int>, _ count: Int, size: Int
  ) -> Tensor {
    Tensor(shape: [count, size]) { buffer in
      images.withValues { values in
        for place in 0..<range.count * size {
          buffer[place] = values[range.lowerBound * size + place]
        }
      }
      for place in range.count * size..<count * size { buffer[place] = 0 }
    }
  }

  private static func range(_ block: Int, of count: Int) -> Range<Int> {
    block * blockSize..<min(count, (block + 1) * blockSize)
  }

  private static func norms(_ values: UnsafeBufferPointer<Float>, size: Int) -> [Float] {
    stride(from: 0, to: values.count, by: size).map { start in
      var sum = 0.0
      for place in start..<start + size { sum += Double(values[place]) * Double(values[place]) }
      return Float(sum)
    }
  }
}
