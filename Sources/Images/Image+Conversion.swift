extension Image {
  /// The brightness of a colour by ITU-R BT.601: `0.299 R + 0.587 G + 0.114 B`, rounded.
  public static func luma(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
    // The weights in 1/65536; they add to 65536, so that grey keeps its level.
    let weighted: UInt32 = UInt32(red) &* 19_595 &+ UInt32(green) &* 38_470
    let sum: UInt32 = weighted &+ UInt32(blue) &* 7_471 &+ 32_768
    return UInt8(truncatingIfNeeded: sum >> 16)
  }

  /// Whether every pixel is a level of grey, whatever the format.
  public var isGrey: Bool {
    guard format.hasColour else { return true }
    for at in stride(from: 0, to: pixels.count, by: channels) {
      let red = pixels[at]
      if red != pixels[at + 1] || red != pixels[at + 2] { return false }
    }
    return true
  }

  /// The same picture in another format.
  ///
  /// Colour becomes grey by ``luma(red:green:blue:)``, grey becomes three equal samples. Alpha that
  /// the new format lacks is composited over `background`, a level of grey; alpha that the old one
  /// lacks is opaque.
  public func converted(to format: PixelFormat, background: UInt8 = 255) -> Image {
    if format == self.format { return self }
    if self.format.hasAlpha, !format.hasAlpha {
      return composited(over: background).converted(to: format)
    }
    var result: [UInt8] = []
    result.reserveCapacity(width * height * format.channels)
    for at in stride(from: 0, to: pixels.count, by: channels) {
      switch (self.format.hasColour, format.hasColour) {
      case (true, true): result.append(contentsOf: pixels[at..<at + 3])
      case (false, false): result.append(pixels[at])
      case (false, true): result.append(contentsOf: repeatElement(pixels[at], count: 3))
      case (true, false):
        result.append(
          Image.luma(red: pixels[at], green: pixels[at + 1], blue: pixels[at + 2]))
      }
      if format.hasAlpha { result.append(self.format.hasAlpha ? pixels[at + channels - 1] : 255) }
    }
    return Image(
      width: width, height: height, format: format, bitDepth: bitDepth, pixels: result)
  }

  /// The picture laid over a level of grey, without alpha: `alpha colour + (1 - alpha) background`,
  /// rounded.
  public func composited(over background: UInt8) -> Image {
    withoutAlpha { colour, alpha in
      let mixed = Int(colour) * Int(alpha) + Int(background) * (255 - Int(alpha))
      return UInt8((mixed + 127) / 255)
    }
  }

  /// The colours as stored, alpha dropped, so that pixels that show keep their exact values.
  public func removingAlpha() -> Image {
    withoutAlpha { colour, _ in colour }
  }

  /// The alpha channel as a grey image, or `nil` without one.
  public var alpha: Image? {
    guard format.hasAlpha else { return nil }
    let samples = stride(from: channels - 1, to: pixels.count, by: channels).map { pixels[$0] }
    return Image(width: width, height: height, format: .grey, pixels: samples)
  }

  private func withoutAlpha(_ transform: (_ colour: UInt8, _ alpha: UInt8) -> UInt8) -> Image {
    guard format.hasAlpha else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(width * height * format.colourChannels)
    for at in stride(from: 0, to: pixels.count, by: channels) {
      let alpha = pixels[at + channels - 1]
      for channel in 0..<format.colourChannels {
        result.append(transform(pixels[at + channel], alpha))
      }
    }
    return Image(
      width: width, height: height, format: format.withoutAlpha, bitDepth: bitDepth,
      pixels: result)
  }
}
