public import Files
import Platform

/// Image files: read by content, written atomically.
public enum ImageFile {
  /// The image in a PNG or JPEG file, recognised by content.
  ///
  /// See ``ImageDecoder``.
  ///
  /// - Throws: ``ImageError`` with the path and the reason.
  public static func read(
    _ path: String, limits: ImageLimits = .standard
  ) throws(ImageError) -> Image {
    try ImageDecoder(limits: limits).decode(bytes(of: path, limits: limits), path: path)
  }

  /// What a file says about its image, without decoding it.
  ///
  /// - Throws: ``ImageError`` with the path and the reason.
  public static func information(
    _ path: String, limits: ImageLimits = .standard
  ) throws(ImageError) -> ImageInformation {
    try ImageDecoder(limits: limits).information(bytes(of: path, limits: limits), path: path)
  }

  /// Writes an image under a temporary name and renames it, so that nobody sees half a file.
  ///
  /// - Throws: ``FileError`` when the file cannot be written, ``ImageError`` when the image does
  ///   not fit the format; nothing is left behind then.
  public static func write(
    _ image: Image, to path: String, format: ImageEncoder.Format = .png
  ) throws {
    try AtomicFile.write(ImageEncoder.encode(image, as: format, path: path), to: path)
  }

  /// Writes an image to where a run may.
  ///
  /// See ``write(_:to:format:)-(_,String,_)``.
  public static func write(
    _ image: Image, to output: Output, format: ImageEncoder.Format = .png
  ) throws {
    try output.write(ImageEncoder.encode(image, as: format, path: output.path))
  }

  /// The bytes of an image file, for those who need them besides the image.
  ///
  /// - Throws: ``ImageError`` with the path and the reason.
  package static func bytes(
    of path: String, limits: ImageLimits = .standard
  ) throws(ImageError) -> [UInt8] {
    do {
      return try FileSystem.readBytes(path, maximumCount: limits.maximumFileSize)
    } catch {
      switch error.code {
      case ESPIPE: throw ImageError(path: path, reason: .pipe)
      case EISDIR, EINVAL: throw ImageError(path: path, reason: .notAFile)
      case EFBIG:
        throw ImageError(
          path: path, reason: .tooLarge("more than \(limits.maximumFileSize) bytes"))
      case let code where SystemCalls.isExhaustion(code):
        throw ImageError(path: path, reason: .exhausted(SystemCalls.message(code)))
      default:
        throw ImageError(path: path, reason: .unreadable(SystemCalls.message(error.code)))
      }
    }
  }
}
