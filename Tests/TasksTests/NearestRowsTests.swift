import Tasks
import Tensors
import Testing

/// The nearest rows are those that a look at every row finds.
@Suite struct NearestRowsTests {
  private struct Rows: Sendable {
    let values: [Float]
    let width: Int

    var count: Int { values.count / width }

    func tensor(_ range: Range<Int>) -> Tensor {
      Tensor(
        Array(values[range.lowerBound * width..<range.upperBound * width]),
        shape: [range.count, width])
    }

    var finder: NearestRows {
      NearestRows(keys: Array(0..<count), width: width) { tensor($0) }
    }

    func nearest(_ wanted: Int, to row: Int) -> [(place: Int, distance: Double)] {
      (0..<count).filter { $0 != row }.map { other in
        let sum = (0..<width).reduce(0.0) { sum, column in
          let difference =
            Double(values[row * width + column]) - Double(values[other * width + column])
          return sum + difference * difference
        }
        return (other, (sum / Double(width)).squareRoot())
      }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(wanted).map { $0 }
    }
  }

  /// Rows far from the origin, whose products are large and whose differences are small, with many equal ones.
  private func rows(_ count: Int, width: Int, offset: Float, copies: Int) -> Rows {
    let random = RandomSource(seed: 5, purpose: .testing)
    return Rows(
      values: (0..<count).flatMap { row in
        random.at(row / copies).uniforms(width).map { $0 + offset }
      }, width: width)
  }

  @Test(arguments: [(1, Float(0)), (1, 1000), (3, 0), (40, 0), (40, 300)])
  func theNearestAreExact(_ copies: Int, _ offset: Float) {
    let rows = rows(1300, width: 24, offset: offset, copies: copies)
    let asked = Array(stride(from: 3, to: rows.count, by: 97))
    let queries = Tensor(
      asked.flatMap { rows.tensor($0..<$0 + 1).values }, shape: [asked.count, rows.width])
    let found = rows.finder.nearest(6, to: queries, excluding: asked)
    for (row, matches) in zip(asked, found) {
      let expected = rows.nearest(6, to: row)
      #expect(matches.map(\.place) == expected.map(\.place), "row \(row)")
      #expect(matches.map(\.distance) == expected.map(\.distance), "row \(row)")
    }
  }

  @Test func threadsDoNotMatter() {
    let rows = rows(2000, width: 16, offset: 0, copies: 2)
    let queries = rows.tensor(0..<500)
    let one = ThreadPool.withThreads(1) { rows.finder.nearest(4, to: queries) }
    let two = ThreadPool.withThreads(2) { rows.finder.nearest(4, to: queries) }
    #expect(one == two)
    #expect(one.allSatisfy { $0[0].distance == 0 && $0[0].place % 2 == 0 })
  }

  @Test func fewRowsHaveFewNeighbours() {
    let rows = rows(3, width: 5, offset: 0, copies: 1)
    let found = rows.finder.nearest(10, to: rows.tensor(0..<3), excluding: [0, 1, 2])
    #expect(found.map(\.count) == [2, 2, 2])
    let alone = self.rows(1, width: 5, offset: 0, copies: 1)
    #expect(alone.finder.nearest(2, to: alone.tensor(0..<1), excluding: [0]) == [[]])
  }

  @Test func aStoreGivesBackItsRows() throws {
    let rows = rows(1000, width: 7, offset: 0, copies: 1)
    let store = try FeatureStore(width: 7)
    try store.append(rows.tensor(0..<400).values)
    try store.append([])
    try store.append(rows.tensor(400..<1000).values)
    #expect(store.count == 1000)
    #expect(store.rows(350..<450).values == rows.tensor(350..<450).values)
    try store.check()
    _ = store.rows(900..<1100)
    #expect(throws: (any Error).self) { try store.check() }
  }
}
