package import Tensors

/// Rows of features or pixels that are compared, read a block at a time.
package struct FeatureRows: Sendable {
  /// Rows.
  package let count: Int
  /// Numbers of a row.
  package let width: Int
  /// The square of each row's length.
  let squares: [Float]
  private let read: @Sendable (Range<Int>) -> Tensor

  /// Rows that are read where they are needed, so that memory does not grow with them.
  ///
  /// - Parameter rows: those at some places, float32, `width` numbers each.
  package init(count: Int, width: Int, rows: @escaping @Sendable (Range<Int>) -> Tensor) {
    self.count = count
    self.width = width
    read = rows
    let blocks = NearestRows.blocks(count)
    squares = ThreadPool.map(blocks.count) { NearestRows.norms(rows(blocks[$0])) }.flatMap { $0 }
  }

  /// Rows that are kept.
  package init(_ values: [Float], width: Int) {
    self.init(count: values.count / width, width: width) { range in
      Tensor(
        Array(values[range.lowerBound * width..<range.upperBound * width]),
        shape: [range.count, width])
    }
  }

  /// Some rows, float32 `[range, width]`.
  package func rows(_ range: Range<Int>) -> Tensor { read(range) }

  /// Some rows, and zeros after them up to so many.
  private func padded(_ range: Range<Int>, to count: Int) -> Tensor {
    Tensor(shape: [count, width]) { buffer in
      read(range).withValues { values in
        for place in values.indices { buffer[place] = values[place] }
        for place in values.count..<buffer.count { buffer[place] = 0 }
      }
    }
  }

  /// What comes of every row's products with all rows of others, in order.
  ///
  /// Products have tiles of one size, a thread each, because their rounding can depend on it.
  ///
  /// - Parameters:
  ///   - start: what each row begins with.
  ///   - take: adds the products of a row with others in a range, in order of the ranges.
  func products<Result: Sendable>(
    with others: FeatureRows, start: Result,
    _ take:
      @Sendable (
        _ result: inout Result, _ row: Int, _ others: Range<Int>,
        _ products: UnsafeBufferPointer<Float>
      ) -> Void
  ) -> [Result] {
    precondition(width == others.width, "rows of unlike width")
    let (tile, blocks) = (NearestRows.queryCount, NearestRows.blocks(others.count))
    return ThreadPool.map((count + tile - 1) / tile) { number in
      let range = number * tile..<min(count, (number + 1) * tile)
      let rows = padded(range, to: tile)
      var results = [Result](repeating: start, count: range.count)
      for block in blocks {
        let matrix = others.padded(block, to: NearestRows.blockSize)
        rows.multiplied(by: matrix, transposingOther: true).withValues { products in
          for place in results.indices {
            let first = place * NearestRows.blockSize
            take(
              &results[place], range.lowerBound + place, block,
              UnsafeBufferPointer(rebasing: products[first..<first + block.count]))
          }
        }
      }
      return results
    }.flatMap { $0 }
  }

  /// The same of squared distances, at least 0.
  func squaredDistances<Result: Sendable>(
    to others: FeatureRows, start: Result,
    _ take:
      @Sendable (
        _ result: inout Result, _ row: Int, _ other: Int, _ squaredDistance: Float
      ) -> Void
  ) -> [Result] {
    products(with: others, start: start) { result, row, block, products in
      for (place, other) in block.enumerated() {
        take(
          &result, row, other,
          max(0, squares[row] + others.squares[other] - 2 * products[place]))
      }
    }
  }
}
