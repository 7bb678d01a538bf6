package import Tensors

/// Finds the nearest of many rows of numbers: the distance is the root mean square of the differences.
///
/// |a - b|² = |a|² + |b|² - 2 a·b, and all a·b of a block of rows are one matrix product. Products
/// have blocks of one size, padded, because their rounding can depend on it, and rows are taken from their common mean, so that
/// little is rounded. A few more candidates than are asked for are computed anew from the differences; where rounding may have
/// kept a nearer row from being among them, all rows are (``ExhaustiveSearch``). What is found is exact: of equally far rows
/// the first, and zero for an equal row.
///
/// Memory does not depend on the number of rows but for a number each.
package struct NearestRows: Sendable {
  /// A row and how far it is.
  package struct Match: Sendable, Equatable {
    /// Its place among the rows.
    package let place: Int
    /// The root mean square of the differences.
    package let distance: Double
  }

  /// Rows in a product.
  static let blockSize = 512
  /// Rows asked about in a product.
  static let queryCount = 128
  /// Candidates beyond those asked for.
  private static let spareCount = 8

  private let keys: [Int]
  private let width: Int
  private let rows: @Sendable (Range<Int>) -> Tensor
  private let centre: [Float]
  private let norms: [Float]
  private let largestNorm: Double

  /// A finder among rows that are read a block at a time.
  ///
  /// - Parameters:
  ///   - keys: what each row is known by, where some do not count.
  ///   - width: the numbers of a row.
  ///   - rows: the rows at these places, float32, `width` numbers each.
  package init(keys: [Int], width: Int, rows: @escaping @Sendable (Range<Int>) -> Tensor) {
    self.keys = keys
    self.width = width
    self.rows = rows
    let blocks = Self.blocks(keys.count)
    let sums = ThreadPool.map(blocks.count) { number in
      rows(blocks[number]).withValues { Self.sums($0, width: width) }
    }
    let centre = (0..<width).map { column in
      Float(sums.reduce(0) { $0 + $1[column] } / Double(max(1, keys.count)))
    }
    norms = ThreadPool.map(blocks.count) { number in
      Self.norms(Self.matrix(rows(blocks[number]), 0..<blocks[number].count, centre))
    }.flatMap { $0 }
    self.centre = centre
    largestNorm = Double(norms.max() ?? 0)
  }

  /// The nearest row to each of some others.
  ///
  /// - Parameters:
  ///   - queries: float32, `width` numbers each.
  ///   - excluding: for each of them the key of rows that do not count, such as its own.
  /// - Returns: a match each; nil where there is no other row.
  func matches(_ queries: Tensor, excluding: [Int]? = nil) -> [Match?] {
    nearest(1, to: queries, excluding: excluding).map(\.first)
  }

  /// The nearest few rows to each of some others, the nearest first.
  ///
  /// - Returns: `count` matches each, fewer where there are no more other rows.
  package func nearest(_ count: Int, to queries: Tensor, excluding: [Int]? = nil) -> [[Match]] {
    let asked = queries.count / width
    let tiles = stride(from: 0, to: asked, by: Self.queryCount).map { start in
      Self.matrix(
        queries, start..<min(asked, start + Self.queryCount), centre, rows: Self.queryCount)
    }
    let found = candidates(count + Self.spareCount, tiles, asked, excluding)
    return ThreadPool.map(asked) { query in
      queries.withValues { values in
        let row = UnsafeBufferPointer(rebasing: values[query * width..<(query + 1) * width])
        let exact = found[query].places.map { place in
          rows(place..<place + 1).withValues {
            Match(place: place, distance: ExhaustiveSearch.distance(row, $0))
          }
        }.sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
        if isCertain(Array(exact.prefix(count)), found[query], row) {
          return Array(exact.prefix(count))
        }
        let all = ExhaustiveSearch.nearest(
          count, to: row, Self.blocks(keys.count), rows: rows,
          counts: { keys[$0] != excluding?[query] })
        return zip(all.places, all.scores).map { Match(place: $0, distance: $1) }
      }
    }
  }

  /// The best rows for each query by |b|² - 2 a·b, blocks shared among the threads.
  private func candidates(
    _ count: Int, _ tiles: [Tensor], _ asked: Int, _ excluding: [Int]?
  ) -> [Candidates<Float>] {
    let blocks = Self.blocks(keys.count)
    let shares = min(blocks.count, 4 * ThreadPool.threads)
    let found = ThreadPool.map(shares) { share in
      var best = [Candidates<Float>](repeating: Candidates(capacity: count), count: asked)
      for block in blocks[blocks.count * share / shares..<blocks.count * (share + 1) / shares] {
        let matrix = Self.matrix(rows(block), 0..<block.count, centre, rows: Self.blockSize)
        for (tile, queries) in tiles.enumerated() {
          queries.multiplied(by: matrix, transposingOther: true).withValues { products in
            for row in 0..<min(Self.queryCount, asked - tile * Self.queryCount) {
              let query = tile * Self.queryCount + row
              take(products, row: row, block, excluding?[query], into: &best[query])
            }
          }
        }
      }
      return best
    }
    var merged = [Candidates<Float>](repeating: Candidates(capacity: count), count: asked)
    for best in found {
      for query in 0..<asked { merged[query].merge(best[query]) }
    }
    return merged
  }

  /// Offers a block's rows by their products with one query.
  private func take(
    _ products: UnsafeBufferPointer<Float>, row: Int, _ block: Range<Int>, _ excluded: Int?,
    into best: inout Candidates<Float>
  ) {
    let start = row * Self.blockSize - block.lowerBound
    var limit = best.limit
    norms.withUnsafeBufferPointer { norms in
      for place in block {
        let score = norms[place] - 2 * products[start + place]
        if score < limit, keys[place] != excluded {
          best.offer(place, score)
          limit = best.limit
        }
      }
    }
  }

  /// Whether no row that is not among the candidates can be nearer than the last of these matches.
  private func isCertain(
    _ matches: [Match], _ candidates: Candidates<Float>, _ query: UnsafeBufferPointer<Float>
  ) -> Bool {
    guard candidates.isFull, let last = matches.last else { return true }
    var norm = 0.0
    for (value, mean) in zip(query, centre) { norm += Double(value - mean) * Double(value - mean) }
    // Products are summed in at least sixteen parts side by side.
    let steps = Double(width / 16 + 24)
    let reach = norm.squareRoot() + largestNorm.squareRoot()
    let rounding = steps * Double(Float.ulpOfOne) * reach * reach
    let farthest = Double(candidates.limit) + norm - rounding
    return last.distance * last.distance * Double(width) < farthest
  }
}
