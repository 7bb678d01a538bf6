import Platform
import Tensors

/// Finds the nearest of many rows of numbers: the distance is the root mean square of the differences.
///
/// |a - b|² = |a|² + |b|² - 2 a·b, and all a·b of a block of rows are one matrix product. Products
/// have blocks of one size, padded, because their rounding can depend on it; the winner's distance
/// is then computed anew from the differences, so that it is exact, and zero for an equal row.
struct NearestRows: Sendable {
  /// A row and how far it is.
  struct Match: Sendable, Equatable {
    /// Its place among the rows.
    let place: Int
    /// The root mean square of the differences.
    let distance: Double
  }

  /// Rows in a product.
  static let blockSize = 512
  /// Rows asked about in a product.
  static let queryCount = 128

  private let keys: [Int]
  private let width: Int
  private let rows: @Sendable (Range<Int>) -> Tensor
  private let norms: [Float]

  /// A finder among rows that are read a block at a time.
  ///
  /// - Parameters:
  ///   - keys: what each row is known by, where some do not count.
  ///   - width: the numbers of a row.
  ///   - rows: the rows at these places, float32, `width` numbers each.
  init(keys: [Int], width: Int, rows: @escaping @Sendable (Range<Int>) -> Tensor) {
    self.keys = keys
    self.width = width
    self.rows = rows
    let blocks = (keys.count + Self.blockSize - 1) / Self.blockSize
    norms = ThreadPool.map(blocks) { block -> [Float] in
      rows(Self.range(block, of: keys.count)).withValues { Self.norms($0, width: width) }
    }.flatMap { $0 }
  }

  /// The nearest row to each of some others.
  ///
  /// - Parameters:
  ///   - queries: float32, `width` numbers each.
  ///   - excluding: for each of them the key of rows that do not count, such as its own.
  /// - Returns: a match each; nil where there is no other row.
  func matches(_ queries: Tensor, excluding: [Int]? = nil) -> [Match?] {
    let count = queries.count / width
    let tiles = tiles(queries)
    let blocks = (keys.count + Self.blockSize - 1) / Self.blockSize
    let found = ThreadPool.map(blocks) { block -> [Candidate] in
      let range = Self.range(block, of: keys.count)
      let block = padded(rows(range), 0..<range.count, Self.blockSize)
      var best = [Candidate](repeating: Candidate(), count: count)
      for (tile, asked) in tiles.enumerated() {
        let products = asked.multiplied(by: block, transposingOther: true)
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
        return Match(
          place: winner.place,
          distance: distance(values[query * width..<(query + 1) * width], to: winner.place))
      }
    }
  }

  /// A place among the rows, and |b|² - 2 a·b there.
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
        if score < best.score, keys[place] != excluding {
          best = Candidate(place: place, score: score)
        }
      }
      return best
    }
  }

  /// The exact distance of a row to the one at a place.
  private func distance(_ query: Slice<UnsafeBufferPointer<Float>>, to place: Int) -> Double {
    rows(place..<place + 1).withValues { other in
      var sum = 0.0
      for (a, b) in zip(query, other) { sum += Double(a - b) * Double(a - b) }
      return sqrt(sum / Double(width))
    }
  }

  private func tiles(_ queries: Tensor) -> [Tensor] {
    let count = queries.count / width
    return stride(from: 0, to: count, by: Self.queryCount).map { start in
      padded(queries, start..<min(count, start + Self.queryCount), Self.queryCount)
    }
  }

  /// Some rows as a matrix of `count` rows, the last ones zero.
  private func padded(_ rows: Tensor, _ range: Range<Int>, _ count: Int) -> Tensor {
    Tensor(shape: [count, width]) { buffer in
      rows.withValues { values in
        for place in 0..<range.count * width {
          buffer[place] = values[range.lowerBound * width + place]
        }
      }
      for place in range.count * width..<count * width { buffer[place] = 0 }
    }
  }

  private static func range(_ block: Int, of count: Int) -> Range<Int> {
    block * blockSize..<min(count, (block + 1) * blockSize)
  }

  private static func norms(_ values: UnsafeBufferPointer<Float>, width: Int) -> [Float] {
    stride(from: 0, to: values.count, by: width).map { start in
      var sum = 0.0
      for place in start..<start + width { sum += Double(values[place]) * Double(values[place]) }
      return Float(sum)
    }
  }
}
