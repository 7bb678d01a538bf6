import Images
import Testing

@Suite("Resampling")
struct ResamplingTests {
  @Test(arguments: ResamplingFilter.allCases)
  func keepsFlatPictures(_ filter: ResamplingFilter) {
    for format in PixelFormat.allCases {
      let colour: [UInt8] = [200, 77, 3, 180].suffix(format.channels)
      let image = Image(width: 13, height: 9, format: format, filledWith: colour)
      for (width, height) in [(1, 1), (5, 4), (13, 20), (40, 3)] {
        let resized = image.resampled(width: width, height: height, filter: filter)
        let expected = Image(width: width, height: height, format: format, filledWith: colour)
        #expect(resized.largestDifference(to: expected) <= (format.hasAlpha ? 1 : 0))
      }
    }
  }

  @Test(arguments: ResamplingFilter.allCases)
  func doesNotAlias(_ filter: ResamplingFilter) {
    // A board of single black and white pixels is grey from afar; picking pixels would give stripes.
    let pixels: [UInt8] = (0..<64 * 64).map { ($0 % 64 + $0 / 64) % 2 == 0 ? 255 : 0 }
    let board = Image(width: 64, height: 64, format: .grey, pixels: pixels)
    let small = board.resampled(width: 16, height: 16, filter: filter)
    let inner = small.cropped(to: Rectangle(x: 2, y: 2, width: 12, height: 12))
    #expect(inner.pixels.allSatisfy { abs(Int($0) - 128) <= 2 })
  }

  @Test func boxIsTheMean() {
    let image = Image(width: 4, height: 2, format: .grey, pixels: [0, 10, 20, 33, 0, 10, 20, 30])
    #expect(image.resampled(width: 2, height: 1, filter: .box).pixels == [5, 26])
    #expect(image.resampled(width: 1, height: 2, filter: .box).pixels == [16, 15])
  }

  @Test func triangleInterpolates() {
    let image = Image(width: 2, height: 1, format: .grey, pixels: [0, 100])
    #expect(image.resampled(width: 4, height: 1, filter: .triangle).pixels == [0, 25, 75, 100])
  }

  @Test(arguments: ResamplingFilter.allCases)
  func keepsASlope(_ filter: ResamplingFilter) {
    let image = Fixtures.image(.grey) { x, _ in [10 * x] }
    let small = image.resampled(width: 12, height: 8, filter: filter)
    for x in 3..<9 { #expect(abs(Int(small[x, 4]) - (20 * x + 5)) <= 1) }
  }

  @Test func staysSymmetric() {
    let pixels: [UInt8] = (0..<15).map { UInt8(abs($0 - 7) * 30) }
    let image = Image(width: 15, height: 1, format: .grey, pixels: pixels)
    for width in [4, 7, 31] {
      let resized = image.resampled(width: width, height: 1).pixels
      #expect(resized == resized.reversed())
    }
  }

  @Test func hiddenColoursDoNotBleed() {
    let pixels: [UInt8] = (0..<8).flatMap { $0 < 4 ? [255, 0, 0, 0] : [0, 0, 200, 255] }
    let image = Image(width: 8, height: 1, format: .rgba, pixels: pixels)
    let small = image.resampled(width: 3, height: 1, filter: .triangle)
    for x in 0..<3 where small[x, 0, 3] > 0 {
      #expect(small[x, 0, 0] == 0 && small[x, 0, 2] == 200)
    }
    #expect(small[1, 0, 3] > 100 && small[1, 0, 3] < 155)
  }

  @Test func nearestCopies() {
    let image = Image(width: 3, height: 1, format: .grey, pixels: [1, 2, 3])
    #expect(image.resampledNearest(width: 6, height: 1).pixels == [1, 1, 2, 2, 3, 3])
    #expect(image.resampledNearest(width: 1, height: 1).pixels == [2])
    #expect(
      image.resampledNearest(width: 6, height: 2).resampledNearest(width: 3, height: 1) == image)
  }

  @Test func theSameSizeIsTheSameImage() {
    #expect(Fixtures.warm.resampled(width: 24, height: 16) == Fixtures.warm)
  }
}
