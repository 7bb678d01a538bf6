import Tasks
import Tensors
import Testing
import Training

/// Maps of features.
@Suite struct ProjectionTests {
  /// Rows around so many centres, in turn.
  private func store(_ count: Int, clusters: Int, spread: Float = 0.05) throws -> FeatureStore {
    let random = RandomSource(seed: 2, purpose: .testing)
    let store = try FeatureStore(width: 12)
    for row in 0..<count {
      let centre = random.at(row % clusters).normal([12]).values
      let own = random.at(1000 + row).normal([12]).values
      try store.append(zip(centre, own).map { $0 + spread * $1 })
    }
    return store
  }

  private func distance(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float {
    ((a - b) * (a - b)).sum().squareRoot()
  }

  /// Also those that are not laid out, but placed.
  @Test(arguments: [300, FeatureProjection.mostLaidOut + 600])
  func neighboursOnTheMapAreOfOneCluster(_ count: Int) throws {
    let places = try FeatureProjection.places(
      store(count, clusters: 6), seed: 0, Context(precision: .float32))
    #expect(places.count == count)
    var wrong = 0
    for row in stride(from: 0, to: count, by: 7) {
      let nearest = places.indices.filter { $0 != row }
        .min { distance(places[$0], places[row]) < distance(places[$1], places[row]) }
      if let nearest, nearest % 6 != row % 6 { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func theSameForAnyNumberOfThreads() throws {
    let store = try store(500, clusters: 4)
    let one = try FeatureProjection.places(store, seed: 0, Context(threads: 1, precision: .float32))
    let context = Context(threads: 3, precision: .float32)
    let three = try context.run { try FeatureProjection.places(store, seed: 0, context) }
    #expect(one == three)
    #expect(one.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }

  /// The seed decides which rows are laid out, and nothing where all are.
  @Test func theSeedChoosesWhatIsLaidOut() throws {
    let context = Context(precision: .float32)
    let few = try store(60, clusters: 3)
    #expect(
      try FeatureProjection.places(few, seed: 0, context)
        == FeatureProjection.places(few, seed: 1, context))
    let many = try store(FeatureProjection.mostLaidOut + 10, clusters: 3)
    #expect(
      try FeatureProjection.places(many, seed: 0, context)
        != FeatureProjection.places(many, seed: 1, context))
  }

  @Test(arguments: [1, 2, 3, 5])
  func fewRowsHavePlaces(_ count: Int) throws {
    let places = try FeatureProjection.places(
      store(count, clusters: count), seed: 0, Context(precision: .float32))
    #expect(places.count == count && places.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }

  @Test func equalRowsHaveFinitePlaces() throws {
    let store = try FeatureStore(width: 3)
    for _ in 0..<40 { try store.append([1, 2, 3]) }
    let places = try FeatureProjection.places(store, seed: 0, Context(precision: .float32))
    #expect(places.count == 40 && places.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }

  @Test func theMapEndsWhenAsked() throws {
    let flag = StopFlag()
    flag.raise()
    #expect(throws: Interrupted.self) {
      try FeatureProjection.places(
        store(100, clusters: 2), seed: 0, Context(precision: .float32, stop: flag))
    }
  }
}
