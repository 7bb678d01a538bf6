import Models
import Tasks
import Tensors
import TestSupport
import Testing
import Training

/// The parts of augmentation.
@Suite struct AugmentationTests {
  @Test(arguments: [
    (AugmentationOptions.Amount.perClass(7), [7, 7, 7]),
    (.to(20), [15, 0, 19]), (.balance, [95, 0, 99]), (.total(8), [3, 3, 2]),
    (.total(1), [1, 0, 0]),
  ])
  func amountsAreSharedOut(_ amount: AugmentationOptions.Amount, _ counts: [Int]) {
    #expect(
      AugmentationPlan.counts(amount, originals: [5, 100, 1], largest: 100) == counts)
  }

  /// Beyond one block of originals, all of them twice, and one of queries; against plain loops.
  @Test func theNearestOriginalIsFound() throws {
    let images = try DatasetLoader().load(Workplace.repository + "/fixtures/digits")
    let members = Array(0..<images.count).filter { $0 % 3 != 1 }
    let asked = Array(stride(from: 0, to: images.count, by: 2))
    let size = images.shape.dimensionCount
    let values = images.batch(Array(0..<images.count)).levels.values
    func distance(_ a: Int, _ b: Int) -> Double {
      let sum = (0..<size).reduce(0.0) { sum, place in
        let difference = Double(values[a * size + place] - values[b * size + place])
        return sum + difference * difference
      }
      return (sum / Double(size)).squareRoot() / 255
    }
    let finder = NearestOriginals(images, among: members + members)
    let queries = images.batch(asked).levels
    for excludes in [false, true] {
      let matches = finder.matches(queries, excluding: excludes ? asked : nil)
      for (query, match) in zip(asked, matches) {
        let nearest = members.filter { !excludes || $0 != query }.map { distance(query, $0) }.min()
        #expect(match.map { abs($0.distance - (nearest ?? -1)) < 1e-9 } ?? false)
        #expect(match.map { members.contains($0.index) } ?? false)
        if !excludes, members.contains(query) { #expect(match?.distance == 0) }
      }
    }
  }

  @Test func anImageAloneHasNoNeighbour() throws {
    let images = try DatasetLoader().load(Workplace.repository + "/fixtures/digits")
    let finder = NearestOriginals(images, among: [5])
    #expect(finder.matches(images.batch([5]).levels, excluding: [5]) == [nil])
    #expect(finder.matches(images.batch([5]).levels).first??.distance == 0)
  }
}
