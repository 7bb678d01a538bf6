/// How large an image may be, checked before memory is taken for it.
public struct ImageLimits: Equatable, Sendable {
  /// The largest width or height, in pixels.
  public var maximumSide: Int

  /// The largest width times height.
  public var maximumPixels: Int

  /// The largest file, in bytes.
  public var maximumFileSize: Int

  /// 16384 pixels a side, 64 megapixels, files of 512 MiB.
  public static let standard = ImageLimits()

  /// Limits; those not given are the standard ones.
  public init(
    maximumSide: Int = 16_384, maximumPixels: Int = 64_000_000, maximumFileSize: Int = 512 << 20
  ) {
    self.maximumSide = maximumSide
    self.maximumPixels = maximumPixels
    self.maximumFileSize = maximumFileSize
  }
}
