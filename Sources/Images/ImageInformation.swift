/// What an image file says about itself before its pixels are decoded.
public struct ImageInformation: Equatable, Sendable {
  /// The kind of file.
  public enum FileFormat: String, Sendable {
    case png = "PNG"
    case jpeg = "JPEG"
  }

  /// The kind of file, by content.
  public let fileFormat: FileFormat

  /// Columns, the EXIF orientation applied.
  public let width: Int

  /// Rows, the EXIF orientation applied.
  public let height: Int

  /// The format that the pixels will have when decoded.
  public let format: PixelFormat

  /// Bits of a stored sample: 1, 2, 4, 8 or 16.
  public let bitDepth: Int

  /// The EXIF orientation, 1 to 8.
  public let orientation: Int

  /// Whether colours come from a palette.
  public let hasPalette: Bool
}
