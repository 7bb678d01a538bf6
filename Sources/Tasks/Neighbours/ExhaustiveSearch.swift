import Tensors

/// Finds the nearest rows by the difference to every one: slow, and certain.
enum ExhaustiveSearch {
  /// The root mean square of the differences of two rows.
  static func distance(
    _ row: UnsafeBufferPointer<Float>, _ other: UnsafeBufferPointer<Float>
  ) -> Double {
    var sum = 0.0
    for place in row.indices {
      let difference = Double(row[place]) - Double(other[place])
      sum += difference * difference
    }
    return (sum / Double(row.count)).squareRoot()
  }

  /// The nearest few, the nearest first, of equally far ones the first.
  ///
  /// - Parameters:
  ///   - blocks: the places of all rows, in order.
  ///   - rows: the rows at some places.
  ///   - counts: whether the row at a place counts.
  static func nearest(
    _ count: Int, to row: UnsafeBufferPointer<Float>, _ blocks: [Range<Int>],
    rows: (Range<Int>) -> Tensor, counts: (Int) -> Bool
  ) -> Candidates<Double> {
    var best = Candidates<Double>(capacity: count)
    for block in blocks {
      rows(block).withValues { values in
        for place in block where counts(place) {
          let start = (place - block.lowerBound) * row.count
          best.offer(
            place,
            distance(row, UnsafeBufferPointer(rebasing: values[start..<start + row.count])))
        }
      }
      // Nothing is nearer than equal, and of equal rows the first count.
      if best.limit == 0 { break }
    }
    return best
  }
}
