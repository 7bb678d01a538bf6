import Images
import Testing

@Suite("Masks and regions")
struct MaskTests {
  static let levels = Image(width: 4, height: 1, format: .grey, pixels: [0, 127, 128, 255])

  @Test func polarityDecidesWhatIsMissing() {
    #expect(Mask(Self.levels).missing == [false, false, true, true])
    #expect(Mask(Self.levels, missing: .black).missing == [true, true, false, false])
  }

  @Test func transparentPartsOfADrawnMaskAreKnown() {
    let drawn = Image(width: 3, height: 1, format: .greyAlpha, pixels: [255, 0, 255, 255, 0, 255])
    #expect(Mask(drawn).missing == [false, true, false])
    let black = Image(width: 3, height: 1, format: .greyAlpha, pixels: [0, 0, 255, 255, 0, 255])
    #expect(Mask(black, missing: .black).missing == [false, false, true])
  }

  @Test func alphaMarksHoles() throws {
    let image = Image(width: 3, height: 1, format: .greyAlpha, pixels: [9, 0, 9, 1, 9, 255])
    #expect(Mask(alphaOf: image)?.missing == [true, false, false])
    #expect(Mask(alphaOf: Self.levels) == nil)
  }

  @Test(arguments: [(8, 8), (7, 5), (1, 1), (28, 28), (3, 2)])
  func halvesMeet(_ width: Int, _ height: Int) throws {
    let top = try Mask(width: width, height: height, region: .topHalf)
    let bottom = try Mask(width: width, height: height, region: .bottomHalf)
    #expect(top.inverted == bottom)
    #expect(top.missingCount == height / 2 * width)
    let left = try Mask(width: width, height: height, region: .leftHalf)
    let right = try Mask(width: width, height: height, region: .rightHalf)
    #expect(left.inverted == right)
    let center = try Mask(width: width, height: height, region: .center)
    #expect(center.missingCount > 0)
    #expect(center.missing == center.missing.reversed())
  }

  @Test func theCentreIsAQuarterOfTheArea() throws {
    let center = try Mask(width: 8, height: 8, region: .center)
    #expect(center.missingFraction == 0.25)
    #expect(center[2, 2] && center[5, 5] && !center[1, 2] && !center[6, 5])
  }

  @Test func parsesRegions() throws {
    for (name, region) in Region.names {
      #expect(try Region(parsing: name) == region)
      #expect(region.description == name)
    }
    let block = Rectangle(x: 1, y: 2, width: 3, height: 4)
    #expect(try Region(parsing: "1,2,3,4") == .rectangle(block))
    #expect(Region.rectangle(block).description == "1,2,3,4")
    let mask = try Mask(width: 5, height: 7, region: .rectangle(block))
    #expect(mask.missingCount == 12)
    #expect(mask[1, 2] && mask[3, 5] && !mask[0, 2] && !mask[4, 5])
  }

  @Test(arguments: [
    "", "middle", "1,2,3", "1,2,3,4,5", "1,2,3,x", "-1,0,2,2", "0,0,0,2", "1,,2,3",
    "99999999999999999999,0,1,1",
  ])
  func refusesOtherTexts(_ text: String) {
    #expect(throws: RegionError.notUnderstood(text)) { try Region(parsing: text) }
  }

  @Test(arguments: ["0,0,6,1", "5,0,1,1", "0,4,1,1", "4,0,9223372036854775807,1"])
  func refusesRegionsOutside(_ text: String) throws {
    let region = try Region(parsing: text)
    let error = #expect(throws: RegionError.self) {
      try Mask(width: 5, height: 4, region: region)
    }
    #expect(error?.description.contains("5 x 4 pixels") == true)
  }

  @Test func becomesAPictureAndBack() throws {
    let mask = try Mask(
      width: 6, height: 5, region: .rectangle(.init(x: 1, y: 1, width: 2, height: 3)))
    for polarity in Mask.Polarity.allCases {
      #expect(Mask(mask.image(missing: polarity), missing: polarity) == mask)
    }
    #expect(mask.resampled(width: 12, height: 10).resampled(width: 6, height: 5) == mask)
    #expect(mask.resampled(width: 12, height: 10).missingCount == 4 * mask.missingCount)
  }

  @Test func paintsHoles() throws {
    let mask = Mask(width: 4, height: 1, missing: [false, true, false, false])
    let painted = mask.painted(over: Self.levels, colour: Colour(red: 1, green: 2, blue: 3))
    #expect(painted.pixels == [0, 0, 0, 1, 2, 3, 128, 128, 128, 255, 255, 255])
  }

  @Test func namesBothSizes() {
    let mask = Mask(width: 2, height: 3, allMissing: true)
    let error = #expect(throws: MaskError.self) {
      try mask.check(fits: Self.levels, maskPath: "m.png", imagePath: "i.png")
    }
    #expect(
      error?.description
        == "i.png: is 4 x 1 pixels, but its mask m.png is 2 x 3; give a mask of the image's size")
  }
}
