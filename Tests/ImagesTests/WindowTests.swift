import Images
import Testing

/// Windows of one size laid around the holes of a larger image.
@Suite struct WindowTests {
  /// What is left open after every window is filled in turn; windows must lie within the image and fill something.
  private func check(_ mask: Mask, _ windows: [Rectangle], _ width: Int, _ height: Int) {
    var open = mask
    for window in windows {
      #expect(window.width == width && window.height == height)
      #expect(window.fits(width: mask.width, height: mask.height))
      #expect(open.cropped(to: window).contains(true))
      open.fill(window)
    }
    #expect(open.missingCount == 0)
  }

  @Test func aSmallHoleIsInTheMiddleOfItsOnlyWindow() throws {
    let hole = Region.rectangle(Rectangle(x: 50, y: 40, width: 4, height: 6))
    let mask = try Mask(width: 200, height: 150, region: hole)
    let windows = mask.windows(width: 16, height: 16)
    #expect(windows == [Rectangle(x: 44, y: 35, width: 16, height: 16)])
  }

  @Test func aHoleInTheCornerHasAWindowInTheCorner() throws {
    let hole = Region.rectangle(Rectangle(x: 190, y: 0, width: 10, height: 5))
    let mask = try Mask(width: 200, height: 150, region: hole)
    let windows = mask.windows(width: 16, height: 16)
    #expect(windows == [Rectangle(x: 184, y: 0, width: 16, height: 16)])
  }

  @Test func aLargeHoleIsFilledFromWhatIsKnown() throws {
    let hole = Region.rectangle(Rectangle(x: 20, y: 30, width: 60, height: 50))
    let mask = try Mask(width: 120, height: 100, region: hole)
    let windows = mask.windows(width: 24, height: 20)
    check(mask, windows, 24, 20)
    var open = mask
    for window in windows {
      // At least half of every window is known when its turn comes.
      #expect(2 * open.cropped(to: window).count { $0 } <= 24 * 20)
      open.fill(window)
    }
    // Half a window each would take 13.
    #expect(windows.count < 30)
  }

  @Test func scatteredHolesAreAllCovered() {
    var mask = Mask(width: 37, height: 29, allMissing: false)
    for pixel in stride(from: 3, to: mask.missing.count, by: 41) { mask.missing[pixel] = true }
    let windows = mask.windows(width: 8, height: 8)
    check(mask, windows, 8, 8)
    #expect(windows == mask.windows(width: 8, height: 8))
  }

  @Test(arguments: [(1, 1), (7, 3), (37, 1), (37, 29)])
  func anImageOfWhichAllIsMissingIsCovered(_ width: Int, _ height: Int) {
    let mask = Mask(width: 37, height: 29, allMissing: true)
    check(mask, mask.windows(width: width, height: height), width, height)
  }

  @Test func anImageWithoutAHoleNeedsNone() {
    #expect(Mask(width: 9, height: 9, allMissing: false).windows(width: 4, height: 9).isEmpty)
  }
}
