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
  ) -> [NearestRows.Match] {
    var best: [NearestRows.Match] = []
    for block in blocks {
      rows(block).withValues { values in
        for place in block where counts(place) {
          let start = (place - block.lowerBound) * row.count
          let distance = distance(
            row, UnsafeBufferPointer(rebasing: values[start..<start + row.count]))
          if best.count == count {
            guard let last = best.last, distance < last.distance else { continue }
            best.removeLast()
          }
          let position = best.firstIndex { $0.distance > distance } ?? best.count
          best.insert(.init(place: place, distance: distance), at: position)
        }
      }
      // Nothing is nearer than equal, and of equal rows the first count.
      if best.count == count, best.last?.distance == 0 { break }
    }
    return best
  }
}
