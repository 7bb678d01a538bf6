/// A mask as a picture draws it, and how its levels were told apart.
public struct DrawnMask: Equatable, Sendable {
  /// The mask.
  public let mask: Mask

  /// The only two levels of the drawing, where both lie on one side of the middle level: 0 and 1, say.
  public let closeLevels: ClosedRange<UInt8>?

  /// Reads a drawing: levels of 128 and above are white.
  ///
  /// Where it has exactly two levels, the higher one is white, whatever the two are: many programs
  /// write 0 and 1, or paint masks in dark colours. A drawing of nothing but 1 is white for the same
  /// reason. Where it is transparent, the pixel counts as known.
  public init(_ image: Image, missing polarity: Mask.Polarity) {
    let grey = image.converted(to: .grey, background: polarity == .white ? 0 : 255)
    var isUsed = [Bool](repeating: false, count: 256)
    for level in grey.pixels { isUsed[Int(level)] = true }
    let levels = isUsed.indices.filter { isUsed[$0] }
    var white = 128
    if levels.count == 2, (levels[0] < 128) == (levels[1] < 128) {
      closeLevels = UInt8(levels[0])...UInt8(levels[1])
      white = levels[1]
    } else {
      closeLevels = nil
      if levels == [1] { white = 1 }
    }
    mask = Mask(
      width: image.width, height: image.height,
      missing: grey.pixels.map { (Int($0) >= white) == (polarity == .white) })
  }

  /// A mask that no picture draws.
  init(_ mask: Mask) {
    self.mask = mask
    closeLevels = nil
  }
}
