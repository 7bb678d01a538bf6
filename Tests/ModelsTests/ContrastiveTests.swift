import Layers
import Models
import Platform
import Tensors
import Testing

/// What a contrastive encoder learns by.
@Suite struct ContrastiveTests {
  private let random = RandomSource(seed: 8, purpose: .testing)

  @Test(arguments: [1, 2, 9], [Float(0.2), 1])
  func theLossIsTheFormula(_ images: Int, _ temperature: Float) {
    let views = (0..<2).map { random.at($0).normal([images, 5]) }
    let rows = views.flatMap { view in
      (0..<images).map { view.sliced($0..<$0 + 1, axis: 0).values.map(Double.init) }
    }
    func cosine(_ a: [Double], _ b: [Double]) -> Double {
      func product(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
    }
    var sum = 0.0
    for i in rows.indices {
      let terms = rows.indices.filter { $0 != i }
        .map { exp(cosine(rows[i], rows[$0]) / Double(temperature)) }
      let own = exp(cosine(rows[i], rows[(i + images) % rows.count]) / Double(temperature))
      sum -= log(own / terms.reduce(0, +))
    }
    let loss = ContrastiveLoss.mean(views[0], views[1], temperature: temperature).scalar
    #expect(abs(Double(loss) - sum / Double(rows.count)) < 1e-4)
  }

  private func batch(_ shape: ImageShape, count: Int) -> ImageBatch {
    let draws = random.uniforms(count * shape.dimensionCount)
    return ImageBatch(
      levels: Tensor(
        draws.map { Float(Int($0 * Float(shape.levels))) },
        shape: [count, shape.height, shape.width, shape.channels]))
  }

  private func sources(_ range: Range<Int>) -> [RandomSource] { range.map { random.at($0) } }

  @Test(arguments: [(2, 1), (17, 1), (256, 3)])
  func viewsStayWithinTheLevels(_ kind: (levels: Int, channels: Int)) {
    let shape = ImageShape(height: 9, width: 7, channels: kind.channels, levels: kind.levels)
    let batch = batch(shape, count: 40)
    let transform = ViewTransform(mirrored: 0.5)
    let first = transform.views(of: batch, shape: shape, sources(0..<40), number: 0)
    let second = transform.views(of: batch, shape: shape, sources(0..<40), number: 1)
    #expect(first.shape == batch.levels.shape)
    #expect(first.values != second.values)
    #expect(first.values.allSatisfy { (-1...1).contains($0) })
    if kind.levels == 2 { #expect(Set(first.values) == [-1, 1]) }
  }

  @Test func aViewIsAFunctionOfItsImageAndNumbers() {
    let shape = ImageShape(height: 8, width: 8, channels: 3, levels: 256)
    let whole = batch(shape, count: 6)
    let part = ImageBatch(levels: whole.levels.sliced(4..<6, axis: 0))
    let transform = ViewTransform()
    let all = transform.views(of: whole, shape: shape, sources(0..<6), number: 1)
    let some = transform.views(of: part, shape: shape, sources(4..<6), number: 1)
    #expect(all.sliced(4..<6, axis: 0).values == some.values)
  }

  @Test func nothingIsChangedWhereNothingIsAskedFor() {
    let shape = ImageShape(height: 6, width: 5, channels: 3, levels: 256)
    let batch = batch(shape, count: 8)
    let still = ViewTransform(strength: 0, tones: 0, cutout: 0)
    let view = still.views(of: batch, shape: shape, sources(0..<8), number: 0)
    #expect(view.values == batch.scaled(levelCount: 256, to: .float32).values)
    let mirror = ViewTransform(strength: 0, tones: 0, cutout: 0, mirrored: 0.5)
    let views = mirror.views(of: batch, shape: shape, sources(0..<8), number: 0)
    let mirrored = view.flipped(axis: 2)
    var turned = 0
    for image in 0..<8 {
      func one(_ tensor: Tensor) -> [Float] { tensor.sliced(image..<image + 1, axis: 0).values }
      if one(views) == one(mirrored) { turned += 1 } else { #expect(one(views) == one(view)) }
    }
    #expect(turned > 0 && turned < 8)
  }
}
