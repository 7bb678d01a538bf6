import Layers
import Models
import Tensors
import Testing

/// What a PixelCNN sees: the laws hold for one that sees nothing, too.
@Suite struct PixelCNNTests {
  private let side = 9

  /// Parameters of one pixel under an image of one level, but for one pixel.
  private func parameters(
    dilation: Int, attention: Int = 0, knowsPlaces: Bool = true, at place: (row: Int, column: Int),
    set: (row: Int, column: Int)? = nil
  ) throws -> [Float] {
    let instance = try ModelInstance(
      named: "pixelcnn",
      settings: [
        "layers": "2", "channels": "8", "first-kernel": "3", "dilation": "\(dilation)",
        "attention": "\(attention)",
      ], shape: ImageShape(height: side, width: side, channels: 1, levels: 2), classCount: 0)
    // Places add nothing at first.
    for parameter in instance.store.parameters
    where knowsPlaces && parameter.name.hasPrefix("place.") {
      parameter.assign(
        RandomSource(seed: 3, purpose: .testing).normal(parameter.value.shape))
    }
    var levels = [Float](repeating: 0, count: side * side)
    if let set { levels[set.row * side + set.column] = 1 }
    let model = try #require(instance.model as? any Autoregressive)
    let values = model.parameters(
      of: ImageBatch(levels: Tensor(levels, shape: [1, side, side, 1])), Pass()
    ).values
    let width = values.count / (side * side)
    let first = (place.row * side + place.column) * width
    return Array(values[first..<first + width])
  }

  /// The first layer reaches one row up, a layer one more, a dilated one two.
  @Test(arguments: [(1, 3), (2, 4)])
  func dilationReachesFurtherUp(_ dilation: Int, _ reach: Int) throws {
    let place = (row: 8, column: 4)
    let still = try parameters(dilation: dilation, at: place)
    #expect(try parameters(dilation: dilation, at: place, set: (8 - reach, 4)) != still)
    #expect(try parameters(dilation: dilation, at: place, set: (8 - reach - 1, 4)) == still)
  }

  /// Where all that is seen is alike and no edge is near, only the place tells pixels apart.
  @Test func placesTellPixelsApart() throws {
    for knowsPlaces in [false, true] {
      func parameters(at place: (Int, Int)) throws -> [Float] {
        try self.parameters(dilation: 1, knowsPlaces: knowsPlaces, at: place)
      }
      let here = try parameters(at: (5, 4))
      #expect(try (parameters(at: (6, 4)) != here) == knowsPlaces)
      #expect(try (parameters(at: (5, 5)) != here) == knowsPlaces)
    }
  }

  /// What stands far off is beyond convolutions, and attention fetches it.
  @Test func attentionReachesEveryPixelBefore() throws {
    let (place, far) = ((row: 8, column: 4), (row: 0, column: 1))
    for (attention, isReached) in [(0, false), (1, true)] {
      let without = try parameters(dilation: 1, attention: attention, at: place)
      let with = try parameters(dilation: 1, attention: attention, at: place, set: far)
      #expect((without != with) == isReached, "\(attention) layers of attention")
    }
  }

  /// Either stack's features are dropped while it learns, by the step's numbers, and never else.
  @Test(arguments: ["dropout", "vertical-dropout"])
  func dropoutActsWhileLearningAlone(_ setting: String) throws {
    let shape = ImageShape(height: side, width: side, channels: 1, levels: 2)
    func loss(_ settings: [String: String], _ pass: Pass) throws -> Float {
      let instance = try ModelInstance(
        named: "pixelcnn",
        settings: ["layers": "2", "channels": "8", "label-dropout": "0"].merging(settings) { $1 },
        shape: shape, classCount: 0)
      let levels = RandomSource(seed: 4, purpose: .testing).uniforms(3 * side * side)
        .map { $0 < 0.3 ? Float(1) : 0 }
      let batch = ImageBatch(levels: Tensor(levels, shape: [3, side, side, 1]))
      return instance.model.objectives[0].value(batch, pass).scalar
    }
    func learning(_ step: Int) -> Pass {
      Pass(noise: RandomSource(seed: 8, purpose: .dropout).at(step), step: step)
    }
    let dropping = [setting: "0.5"]
    #expect(try loss(dropping, Pass()) == loss([:], Pass()))
    #expect(try loss([:], learning(0)) == loss([:], Pass()))
    #expect(try loss(dropping, learning(0)) != loss([:], learning(0)))
    #expect(try loss(dropping, learning(0)) != loss(dropping, learning(1)))
    #expect(try loss(dropping, learning(0)) == loss(dropping, learning(0)))
  }
}
