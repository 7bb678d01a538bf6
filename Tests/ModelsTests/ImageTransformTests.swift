import Models
import Tensors
import Testing

/// Ordinary transforms by kind.
@Suite struct ImageTransformTests {
  private let random = RandomSource(seed: 5, purpose: .transforms)

  private func images(_ shape: ImageShape, count: Int) -> ImageBatch {
    let draws = RandomSource(seed: 3, purpose: .testing).uniforms(count * shape.dimensionCount)
    return ImageBatch(
      levels: Tensor(
        draws.map { Float(Int($0 * Float(shape.levels))) },
        shape: [count, shape.height, shape.width, shape.channels]))
  }

  @Test(arguments: ImageTransforms.Kind.allCases, [(2, 1), (17, 1), (256, 3)])
  func levelsStayLevels(_ kind: ImageTransforms.Kind, _ image: (levels: Int, channels: Int)) {
    let shape = ImageShape(
      height: 11, width: 8, channels: image.channels, levels: image.levels)
    let batch = images(shape, count: 30)
    for strength in [TransformStrength.light, .strong] {
      let changed = batch.transformed(ImageTransforms([kind: strength]), shape: shape, random)
      let wrong = changed.levels.values.filter {
        $0 != $0.rounded() || $0 < 0 || $0 > Float(image.levels - 1)
      }
      #expect(wrong == [])
      // Of two levels there are no other tones, and a pixel that moves by less than half of one stays.
      if image.levels > 2 { #expect(changed.levels.values != batch.levels.values) }
      if kind == .tones, image.levels == 2 {
        #expect(changed.levels.values == batch.levels.values)
      }
    }
  }

  @Test func halfOfTheImagesAreMirroredExactly() {
    let shape = ImageShape(height: 3, width: 6, channels: 3, levels: 256)
    let batch = images(shape, count: 200)
    let changed = batch.transformed(ImageTransforms([.mirror: .light]), shape: shape, random)
    let (before, after) = (batch.levels.values, changed.levels.values)
    var mirrored = 0
    for image in 0..<200 {
      let own = image * shape.dimensionCount..<(image + 1) * shape.dimensionCount
      let reversed = (0..<shape.dimensionCount).map { place -> Float in
        let (row, column, channel) = (place / 18, place % 18 / 3, place % 3)
        return before[own.lowerBound + row * 18 + (5 - column) * 3 + channel]
      }
      let isMirrored = Array(after[own]) == reversed
      #expect(isMirrored || after[own] == before[own])
      mirrored += isMirrored ? 1 : 0
    }
    #expect((70...130).contains(mirrored))
  }

  @Test func erasingPaintsARectangleOfSomeImagesAndNothingElse() {
    let shape = ImageShape(height: 16, width: 16, channels: 1, levels: 256)
    let batch = images(shape, count: 100)
    let changed = batch.transformed(ImageTransforms([.erase: .strong]), shape: shape, random)
    let (before, after) = (batch.levels.values, changed.levels.values)
    var painted = 0
    for image in 0..<100 {
      let places = (0..<256).filter { before[image * 256 + $0] != after[image * 256 + $0] }
      guard !places.isEmpty else { continue }
      painted += 1
      #expect(Set(places.map { after[image * 256 + $0] }).count == 1)
      let (rows, columns) = (places.map { $0 / 16 }, places.map { $0 % 16 })
      let area =
        ((rows.max() ?? 0) - (rows.min() ?? 0) + 1)
        * ((columns.max() ?? 0) - (columns.min() ?? 0) + 1)
      // A pixel may have had that level before.
      #expect(area - places.count <= 6 && area < 100)
    }
    #expect((30...70).contains(painted))
  }

  /// The movement of training and that of copies are one: the same numbers move an image alike.
  @Test func movementsAreThoseOfTraining() {
    let shape = ImageShape(height: 9, width: 9, channels: 1, levels: 256)
    let batch = images(shape, count: 5)
    let moved = batch.transformed(
      ImageTransforms("light,elastic") ?? ImageTransforms(), shape: shape, random)
    let warped = batch.warped(.light, shape: shape, random, isElastic: true)
    #expect(moved.levels.values == warped.levels.values)
  }

  @Test(arguments: [
    ("light", "shift,rotation,scale,shear", "light"),
    (
      "strong,mirror", "shift=strong,rotation=strong,scale=strong,shear=strong,mirror",
      "strong,mirror"
    ),
    ("erase=strong,shift", "shift,erase=strong", "shift,erase=strong"), ("none", "none", "none"),
  ])
  func listsAreReadAndWritten(_ text: String, _ whole: String, _ short: String) throws {
    let transforms = try #require(ImageTransforms(text))
    #expect(transforms.description == whole && transforms.shortText == short)
    #expect(ImageTransforms(whole) == transforms && ImageTransforms(short) == transforms)
  }

  @Test(arguments: [
    "", "shift,", "turn", "shift=none", "shift,shift", "light,scale", "shift=1", "a=b=c",
  ])
  func otherListsAreRefused(_ text: String) {
    #expect(ImageTransforms(text) == nil)
  }
}
