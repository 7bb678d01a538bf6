extension Mask {
  /// Which side of grey means missing in a mask file.
  public enum Polarity: String, Sendable, CaseIterable {
    /// What is white is missing: levels of 128 and above, or the higher one of two.
    case white
    /// What is not white is missing.
    case black
  }

  /// The mask drawn in an image.
  ///
  /// See ``DrawnMask``.
  public init(_ image: Image, missing polarity: Polarity = .white) {
    self = DrawnMask(image, missing: polarity).mask
  }

  /// The mask in an image's own alpha channel: fully transparent pixels are missing.
  ///
  /// - Returns: `nil` when the image has no alpha channel.
  public init?(alphaOf image: Image) {
    guard let alpha = image.alpha else { return nil }
    self.init(width: image.width, height: image.height, missing: alpha.pixels.map { $0 == 0 })
  }

  /// The mask as a picture: missing white, known black, or the other way round.
  public func image(missing polarity: Polarity = .white) -> Image {
    let pixels: [UInt8] = missing.map { $0 == (polarity == .white) ? 255 : 0 }
    return Image(width: width, height: height, format: .grey, bitDepth: 1, pixels: pixels)
  }

  /// The image in RGB with its missing pixels painted in one colour, for people to see the holes.
  public func painted(over image: Image, colour: Colour = .hole) -> Image {
    precondition(width == image.width && height == image.height, "a mask of another size")
    var painted = image.removingAlpha().converted(to: .rgb)
    for index in missing.indices where missing[index] {
      painted.pixels.replaceSubrange(index * 3..<index * 3 + 3, with: colour.samples)
    }
    return painted
  }

  /// Checks that the mask is of the image's size.
  ///
  /// - Throws: ``MaskError`` that names both files and sizes.
  public func check(
    fits image: Image, maskPath: String, imagePath: String
  ) throws(MaskError) {
    guard width == image.width, height == image.height else {
      throw .sizeMismatch(
        mask: maskPath, maskSize: (width, height), image: imagePath,
        imageSize: (image.width, image.height))
    }
  }
}
