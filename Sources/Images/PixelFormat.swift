/// What the samples of a pixel mean; the raw value is their number.
public enum PixelFormat: Int, Sendable, CaseIterable {
  /// One sample: 0 black, 255 white.
  case grey = 1
  /// Grey, then alpha: 0 transparent, 255 opaque. Colours are not premultiplied.
  case greyAlpha = 2
  /// Red, green, blue.
  case rgb = 3
  /// Red, green, blue, alpha. Colours are not premultiplied.
  case rgba = 4

  /// The number of samples a pixel: 1 to 4.
  public var channels: Int { rawValue }

  /// Whether the last sample is alpha.
  public var hasAlpha: Bool { self == .greyAlpha || self == .rgba }

  /// Whether there are three colour samples rather than one.
  public var hasColour: Bool { self == .rgb || self == .rgba }

  /// The number of samples that are not alpha: 1 or 3.
  public var colourChannels: Int { hasColour ? 3 : 1 }

  /// The format with these properties.
  public init(colour: Bool, alpha: Bool) {
    self = colour ? (alpha ? .rgba : .rgb) : (alpha ? .greyAlpha : .grey)
  }

  /// The same colours without alpha.
  public var withoutAlpha: PixelFormat { PixelFormat(colour: hasColour, alpha: false) }
}
