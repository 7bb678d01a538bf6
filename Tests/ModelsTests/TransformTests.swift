import Models
import Tensors
import Testing

/// Images that are moved about.
@Suite struct TransformTests {
  private func images(_ shape: ImageShape, count: Int) -> ImageBatch {
    let draws = RandomSource(seed: 3, purpose: .testing).uniforms(count * shape.dimensionCount)
    return ImageBatch(
      levels: Tensor(
        draws.map { Float(Int($0 * Float(shape.levels))) },
        shape: [count, shape.height, shape.width, shape.channels]),
      labels: (0..<count).map { $0 % 2 })
  }

  private let random = RandomSource(seed: 9, purpose: .transforms).at(4)

  @Test(arguments: [(2, 1), (17, 1), (256, 3)], [TransformStrength.light, .strong])
  func levelsStayLevels(_ kind: (levels: Int, channels: Int), _ strength: TransformStrength) {
    let shape = ImageShape(height: 9, width: 7, channels: kind.channels, levels: kind.levels)
    let batch = images(shape, count: 40)
    let warped = batch.warped(strength, shape: shape, random, isElastic: true)
    #expect(warped.levels.shape == batch.levels.shape)
    #expect(warped.labels == batch.labels)
    let wrong = warped.levels.values.filter {
      $0 != $0.rounded() || $0 < 0 || $0 > Float(kind.levels - 1)
    }
    #expect(wrong == [])
    #expect(warped.levels.values != batch.levels.values)
    #expect(
      batch.warped(.none, shape: shape, random, isElastic: true).levels.values
        == batch.levels.values)
  }

  @Test func aWarpDependsOnItsAddressAlone() {
    let shape = ImageShape(height: 8, width: 8, channels: 1, levels: 256)
    let whole = images(shape, count: 6)
    let part = ImageBatch(levels: whole.levels.sliced(4..<6, axis: 0))
    let warped = whole.warped(.strong, shape: shape, random, isElastic: true).levels
    let again = part.warped(.strong, shape: shape, random, first: 4, isElastic: true).levels
    #expect(warped.sliced(4..<6, axis: 0).values == again.values)
    let elsewhere = part.warped(.strong, shape: shape, random, isElastic: true).levels
    #expect(elsewhere.values != again.values)
    let later = part.warped(.strong, shape: shape, random.at(5), first: 4, isElastic: true).levels
    #expect(later.values != again.values)
  }

  @Test func bendingIsAddedToTheSameMap() {
    let shape = ImageShape(height: 12, width: 12, channels: 1, levels: 256)
    let batch = images(shape, count: 4)
    let straight = batch.warped(.light, shape: shape, random).levels.values
    let bent = batch.warped(.light, shape: shape, random, isElastic: true).levels.values
    #expect(straight != bent)
  }

  /// A blob stays near its place, and is never mirrored: it moves by no more than the limits allow.
  @Test(arguments: [(TransformStrength.light, Float(6)), (.strong, 16)])
  func imagesMoveWithinLimits(_ strength: TransformStrength, _ limit: Float) {
    let side = 28
    let shape = ImageShape(height: side, width: side, channels: 1, levels: 256)
    let (row, column) = (8, 5)
    let levels = (0..<side * side).map { place -> Float in
      let (y, x) = (place / side, place % side)
      return abs(y - row) <= 1 && abs(x - column) <= 1 ? 255 : 0
    }
    let batch = ImageBatch(
      levels: Tensor(
        (0..<100).flatMap { _ in levels }, shape: [100, side, side, 1]))
    let warped = batch.warped(strength, shape: shape, random, isElastic: true).levels.values
    var moved: [Float] = []
    for image in 0..<100 {
      var (mass, x, y) = (Float(0), Float(0), Float(0))
      for place in 0..<side * side {
        let level = warped[image * side * side + place]
        mass += level
        x += level * Float(place % side)
        y += level * Float(place / side)
      }
      // Moved out of sight, or into an edge that goes on for ever, it tells nothing.
      guard mass > 0, mass < 255 * 30 else { continue }
      let (across, down) = (x / mass - Float(column), y / mass - Float(row))
      moved.append((across * across + down * down).squareRoot())
    }
    #expect(moved.count > 80)
    #expect((moved.max() ?? 100) < limit, "\(moved.max() ?? 0)")
    #expect((moved.max() ?? 0) > limit / 4)
  }
}
