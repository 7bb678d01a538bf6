import Tensors

/// Classification by the k nearest rows, in Euclidean distance; equal votes go to the class whose
/// row is nearest.
package struct NearestNeighbours: Sendable {
  private let rows: LabelledRows
  /// The squared length of every row, chunk by chunk.
  private let lengths: [[Float]]

  /// The rows to be compared with.
  package init(_ rows: LabelledRows) {
    self.rows = rows
    lengths = rows.chunks.map { chunk in
      (chunk.features * chunk.features).sum(axis: 1).values
    }
  }

  /// The classes of the nearest rows of each query, the nearest first, `count` of them or fewer.
  ///
  /// - Parameter own: the place of each query among the rows where it is one of them, which is
  ///   passed over then.
  package func nearestClasses(_ queries: LabelledRows, count: Int, own: [Int]? = nil) -> [[Int32]] {
    ThreadPool.map(queries.chunks.count) { number in
      let chunk = queries.chunks[number]
      var nearest = [Candidates<Float>](
        repeating: Candidates(capacity: count), count: chunk.targets.count)
      for (part, lengths) in zip(rows.chunks, lengths) {
        let products = chunk.features.multiplied(by: part.features, transposingOther: true)
        products.withValues { products in
          for query in nearest.indices {
            let passed = own.map { $0[chunk.start + query] - part.start } ?? -1
            Self.merge(
              UnsafeBufferPointer(
                rebasing: products[query * lengths.count..<(query + 1) * lengths.count]),
              lengths, start: part.start, passing: passed, into: &nearest[query])
          }
        }
      }
      return nearest.map { $0.places.map { rows.targets[$0] } }
    }.flatMap { $0 }
  }

  /// The class that most of the first k have.
  package static func vote(_ classes: [Int32], k: Int, classCount: Int) -> Int32 {
    var votes = [Int](repeating: 0, count: classCount)
    for label in classes.prefix(k) { votes[Int(label)] += 1 }
    let most = votes.max() ?? 0
    return classes.first { votes[Int($0)] == most } ?? 0
  }

  /// Takes the rows of a chunk into the list of the nearest.
  ///
  /// The query's own length is the same for all and left out: |r|² - 2 q r.
  private static func merge(
    _ products: UnsafeBufferPointer<Float>, _ lengths: [Float], start: Int, passing: Int,
    into nearest: inout Candidates<Float>
  ) {
    var farthest = nearest.limit
    for place in products.indices where place != passing {
      let distance = lengths[place] - 2 * products[place]
      guard distance < farthest else { continue }
      nearest.offer(start + place, distance)
      farthest = nearest.limit
    }
  }
}
