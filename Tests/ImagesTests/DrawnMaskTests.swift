import Images
import Testing

@Suite("Masks are read by what their levels say")
struct DrawnMaskTests {
  private func drawn(
    _ levels: [UInt8], _ polarity: Mask.Polarity = .white
  ) -> DrawnMask {
    DrawnMask(
      Image(width: levels.count, height: 1, format: .grey, pixels: levels), missing: polarity)
  }

  @Test(arguments: [(0, 1), (0, 100), (1, 2), (0, 127), (128, 255), (200, 255), (254, 255)])
  func ofTwoLevelsOnOneSideTheHigherIsWhite(_ low: UInt8, _ high: UInt8) {
    let levels = [low, high, high, low]
    let white = drawn(levels)
    #expect(white.mask.missing == [false, true, true, false])
    #expect(white.closeLevels == low...high)
    #expect(drawn(levels, .black).mask == white.mask.inverted)
  }

  @Test(
    arguments: [
      ([0, 255], [false, true]), ([127, 128], [false, true]), ([0, 1, 2], [false, false, false]),
      ([130, 200, 255], [true, true, true]), ([0, 1, 255], [false, false, true]),
      ([0, 0], [false, false]), ([1, 1], [true, true]), ([2, 2], [false, false]),
      ([255, 255], [true, true]), ([77], [false]), ([128], [true]),
    ] as [([UInt8], [Bool])])
  func allOthersByTheMiddle(_ levels: [UInt8], _ missing: [Bool]) {
    #expect(drawn(levels).mask.missing == missing)
    #expect(drawn(levels).closeLevels == nil)
    #expect(drawn(levels, .black).mask.missing == missing.map { !$0 })
  }

  @Test func coloursCountByTheirLuma() {
    // The colours of a palette as annotation tools use them.
    let image = Image(width: 2, height: 1, format: .rgb, pixels: [0, 0, 0, 128, 0, 0])
    #expect(DrawnMask(image, missing: .white).mask.missing == [false, true])
  }
}
